import { access } from '#access';
import { content } from '#content';
import { decommission } from '#decommission';
import { shellEvents } from '#event-log';
import { homing } from '#homing';
import type { CommandDefinition, Context, EventCatalogue } from '#kernel';
import { migration } from '#migration';
import { planEvents } from '#plans';
import { policy } from '#policy';
import { runEvents } from '#runs';
import { topology } from '#topology';

/** Every bounded context, in the order in which the docs show them. A new one is a line here. */
export const contexts: readonly Context[] = [topology, policy, homing, content, migration, decommission, access];

export function commandsOf(all: readonly Context[]): readonly CommandDefinition[] {
  return all.flatMap(({ commands }) => commands);
}

/** How the log and the timeline understand every event. */
export function catalogueOf(all: readonly Context[]): EventCatalogue {
  return Object.assign({}, shellEvents, runEvents, planEvents, ...all.map(({ events }) => events)) as EventCatalogue;
}
