import { validateSync } from 'class-validator';
import type { Outcome } from './decision.js';
import { fieldsOf, Is } from './fields.js';
import type { Subject } from './ids.js';
import type { Role, Transaction } from './transaction.js';

/** What every command class extends: the words that say why. */
export abstract class BaseCommand {
  @Is.TextUpTo(1000, 'why it is done; shown in the timeline', { optional: true })
  readonly reason?: string;

  @Is.TextUpTo(100, 'the ticket or change request it belongs to', { optional: true })
  readonly ticket?: string;
}

export type CommandClass<C extends BaseCommand = BaseCommand> = new () => C;

/** Everything about one command: HTTP, OpenAPI, bulk files, the command line and the audit timeline read it here. */
export interface CommandDefinition<C extends BaseCommand = BaseCommand> {
  readonly command: CommandClass<C>;
  /** `HomeUser` */
  readonly name: string;
  /** `home-user` */
  readonly path: string;
  /** One line for people, in the imperative. */
  readonly summary: string;
  /** Who may, beside those whom a view names. */
  readonly role: Exclude<Role, 'auditor'>;
  /**
   * A body that works on an empty tracker, and on the sample estate, once the examples of the commands that the docs show before it
   * were sent. It names nothing of anybody's own.
   */
  readonly example: Readonly<Record<string, unknown>>;
  /** More of them, by what they show, where later examples need them; sent after `example`. */
  readonly moreExamples?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What it is about, as asked; for refusals in the timeline. */
  readonly subjects: (command: C) => readonly Subject[];
  /** Commands with the same answer are decided one after another; the first subject where absent. Saves retries, guards nothing. */
  readonly serialOn?: (command: C) => string;
  /** Why it can be no row of a file, where that is so. */
  readonly notInFiles?: string;
  readonly handle: (command: C, tx: Transaction) => Outcome | Promise<Outcome>;
}

/** Defines a command beside its class; `HomeUser` becomes `POST /api/commands/home-user`. */
export function defineCommand<C extends BaseCommand>(
  command: CommandClass<C>,
  definition: Omit<CommandDefinition<C>, 'command' | 'name' | 'path'>,
): CommandDefinition<C> {
  return { ...definition, command, name: command.name, path: kebabCase(command.name) };
}

function kebabCase(name: string): string {
  return name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export type Validated<C> =
  { readonly command: C; readonly errors?: undefined } | { readonly errors: readonly FieldError[] };

/** The only way from input to a command: every field known, parsed and normalised, or one error per bad field. */
export function validateCommand<C extends BaseCommand>(
  definition: Pick<CommandDefinition<C>, 'command' | 'name'>,
  input: unknown,
): Validated<C> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { errors: [{ field: '', message: `must be a JSON object with the fields of ${definition.name}` }] };
  const fields = fieldsOf(definition.command);
  const unknown = Object.keys(input).filter((key) => !fields.some(({ name }) => name === key));
  const command = new definition.command();
  const target = command as Record<string, unknown>;
  for (const { name } of fields)
    if (Object.hasOwn(input, name)) target[name] = (input as Record<string, unknown>)[name];
  const errors: FieldError[] = unknown.slice(0, 100).map((key) => ({
    field: key.slice(0, 200).toWellFormed(),
    message: `is not a field of ${definition.name}; its fields are ${fields.map(({ name }) => name).join(', ')}`,
  }));
  for (const error of validateSync(command, { forbidUnknownValues: false }))
    errors.push({ field: error.property, message: Object.values(error.constraints ?? {})[0] ?? 'is malformed' });
  if (errors.length > 0) return { errors };
  for (const { name, parse } of fields) {
    const given = target[name];
    if (given === undefined) continue;
    if (given === null) {
      delete target[name];
      continue;
    }
    const parsed = parse(given);
    if (parsed.problem === undefined) target[name] = parsed.value;
  }
  return { command };
}

/** How the log and the timeline understand one type of event. */
export interface EventDescriptor<Data extends object = object> {
  /** The shape written today, from 1. */
  readonly schemaVersion: number;
  /** From each older shape to the next one: `upcast[1]` makes shape 2 of shape 1. */
  readonly upcast?: Readonly<Record<number, (data: Readonly<Record<string, unknown>>) => Record<string, unknown>>>;
  /** What it is about, most specific first. */
  readonly subjects: (data: Data) => readonly Subject[];
  /** In plain English, without who and when: `homed sip:alice@contoso.com on pool01.contoso.com (was ocs01.contoso.com)`. */
  readonly say: (data: Data) => string;
  /** What a plan shows of its data, where that is less: what exists only once it is recorded. */
  readonly planned?: (data: Data) => object;
  /** Bookkeeping that answers and summaries leave out: a door, a reservation, a key's answer. */
  readonly internal?: boolean;
}

export type EventCatalogue = Readonly<Record<string, EventDescriptor>>;

/** Types a catalogue's descriptors by the union of its events: each type once, none forgotten. */
export function describeEvents<E extends { readonly type: string; readonly data: object }>(catalogue: {
  readonly [T in E['type']]: EventDescriptor<Extract<E, { readonly type: T }>['data']>;
}): EventCatalogue {
  return catalogue;
}

/** A bounded context, as the rim takes it. */
export interface Context {
  readonly commands: readonly CommandDefinition[];
  readonly events: EventCatalogue;
}

/** A definition of any command, for lists of them. */
export function anyCommand<C extends BaseCommand>(definition: CommandDefinition<C>): CommandDefinition {
  return definition as unknown as CommandDefinition;
}
