import { type ContentKind, type Counting, foldCase, subject, type Tally } from '#kernel';
import { row } from '../storage/prepared.js';
import type { ViewDefinition } from '../view.js';
import { connectedUsers, homedUsers } from './deployment-at.js';
import { groupsAt } from './groups-at.js';
import { TopologyAt } from './topology-at.js';

const tableOf: Readonly<Record<ContentKind, string>> = { category: 'category', 'add-in': 'add_in', room: 'room' };

const internal = { summary: '', kind: 'one', parameters: {}, item: {} } as const;

/** What commands ask; of no path that HTTP knows. */
export const countingDefinitions: readonly ViewDefinition[] = [
  {
    ...internal,
    path: 'counting/policy-holders',
    projections: ['topology', 'users'],
    run: (db, { at, input }): { count: number } => {
      const policy = foldCase(String(input['policy']));
      const holding = groupsAt(new TopologyAt(db, at)).filter(
        ({ granted, retired }) => !retired && granted !== null && foldCase(granted) === policy,
      );
      return { count: holding.reduce((sum, { count }) => sum + count, 0) };
    },
  },
  {
    ...internal,
    path: 'counting/users-homed',
    projections: ['topology', 'users'],
    run: (db, { at, input }): Tally => homedUsers(new TopologyAt(db, at), String(input['pool'])),
  },
  {
    ...internal,
    path: 'counting/deployments-homed',
    projections: ['topology'],
    run: (db, { at, input }): Tally => {
      const deployments = new TopologyAt(db, at).deploymentsHomedOn(String(input['pool']));
      return { count: deployments.length, offenders: deployments.map((id) => subject.deployment(id)) };
    },
  },
  {
    ...internal,
    path: 'counting/clients-connected',
    projections: ['users'],
    run: (db, { at, input }): Tally => connectedUsers(new TopologyAt(db, at), String(input['deployment'])),
  },
  {
    ...internal,
    path: 'counting/content-elsewhere',
    projections: ['content'],
    run: (db, { at, input }) => {
      const table = tableOf[input['kind'] as ContentKind];
      const found = row<{ deployment: string }>(
        db,
        `select deployment from content.${table} where key = @key and valid_to > @at and valid_from <= @at
          and deployment <> @not order by deployment limit 1`,
        { at, key: foldCase(String(input['name'])), not: input['not'] },
      );
      return { deployment: found?.deployment ?? null };
    },
  },
];

/** `Counting` over the views: `ask` waits until they have what was in the log at the call. */
export class CountingViews implements Counting {
  constructor(private readonly ask: (path: string, input: Readonly<Record<string, unknown>>) => Promise<unknown>) {}

  async policyHolders(policy: string): Promise<number> {
    return ((await this.ask('counting/policy-holders', { policy })) as { count: number }).count;
  }

  async usersHomed(pool: string): Promise<Tally> {
    return (await this.ask('counting/users-homed', { pool })) as Tally;
  }

  async deploymentsHomed(pool: string): Promise<Tally> {
    return (await this.ask('counting/deployments-homed', { pool })) as Tally;
  }

  async clientsConnected(deployment: string): Promise<Tally> {
    return (await this.ask('counting/clients-connected', { deployment })) as Tally;
  }

  async contentElsewhere(kind: ContentKind, name: string, not: string): Promise<string | null> {
    const found = await this.ask('counting/content-elsewhere', { kind, name, not });
    return (found as { deployment: string | null }).deployment;
  }
}
