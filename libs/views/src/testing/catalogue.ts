import type { EventCatalogue } from '#kernel';
import { access } from '#access';
import { content } from '#content';
import { decommission } from '#decommission';
import { shellEvents } from '#event-log';
import { homing } from '#homing';
import { migration } from '#migration';
import { policy } from '#policy';
import { topology } from '#topology';

/** Every event of the contexts, for specs. */
export const catalogue: EventCatalogue = {
  ...shellEvents,
  ...topology.events,
  ...policy.events,
  ...homing.events,
  ...content.events,
  ...migration.events,
  ...decommission.events,
  ...access.events,
};
