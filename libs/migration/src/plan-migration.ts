import {
  BaseCommand,
  defineCommand,
  type DeploymentId,
  Is,
  outcome,
  type Parsed,
  parseInstant,
  type SipUri,
  subject,
  write,
} from '#kernel';
import { deploymentStream, endpointStream } from '#topology';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { planMigration } from './planning.js';

/** A day of the calendar as it is, an instant in UTC. */
function parseCutoff(input: unknown): Parsed<string> {
  const isDay = typeof input === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(input);
  const parsed = parseInstant(isDay ? `${input}T00:00:00Z` : input);
  if (parsed.problem !== undefined) return { problem: `${parsed.problem}, or a day such as 2012-01-31` };
  return { value: isDay ? input : parsed.value };
}

export class PlanMigration extends BaseCommand {
  @Is.Migration('an id for the migration')
  readonly migration!: string;

  @Is.Deployment('FQDN of the legacy chat pool that is left behind')
  readonly source!: DeploymentId;

  @Is.Deployment('FQDN of the Persistent Chat pool that takes its content')
  readonly target!: DeploymentId;

  @Is.Of(
    { schema: { type: 'string', minLength: 10, maxLength: 35 }, parse: parseCutoff },
    'messages that are older stay behind: a day, or an instant',
    { optional: true },
  )
  readonly contentCutoff?: string;

  @Is.SipUri('the lookup account of the legacy clients, whose URI is to become a legacy endpoint of the target', {
    optional: true,
  })
  readonly lookupUri?: SipUri;
}

export const planMigrationCommand = defineCommand(PlanMigration, {
  summary: 'Plan the migration of a legacy deployment into a Persistent Chat one',
  role: 'operator',
  example: {
    migration: 'tacoma',
    source: 'gchat10-tacoma.contoso.com',
    target: 'chat13-tacoma.contoso.com',
    lookupUri: 'sip:ocschat-tacoma@contoso.com',
  },
  subjects: ({ migration, source, target }) => [
    subject.migration(migration),
    subject.deployment(source),
    subject.deployment(target),
  ],
  handle: async (command, tx) => {
    const { migration, lookupUri: uri } = command;
    const stream = migrationStream(migration);
    const migrating = migratingStream(command.source);
    const facts = {
      run: await tx.load(stream),
      source: await tx.load(deploymentStream(command.source)),
      target: await tx.load(deploymentStream(command.target)),
      sourceRun: (await tx.load(migrating)).run,
    };
    const known = { type: 'LookupAccountKnown' } as const;
    return outcome(
      stream,
      planMigration(facts, command),
      write(migrating, { type: 'SourceTaken', data: { deployment: command.source, migration } }),
      ...(uri === undefined ? [] : [write(endpointStream(uri), { ...known, data: { uri, migration } })]),
    );
  },
});
