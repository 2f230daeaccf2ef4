import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { commandsOf, contexts } from '#server/contexts';
import { Cluster, describeOnKurrentDb, recordedAfter } from './cluster/on-kurrentdb.js';
import type { Step } from './model/sequences.js';
import { duels } from './races/duels.js';
import { faultsOf } from './races/judge-log.js';
import type { TestServer } from './server.js';

const trials = 8;
const paths = new Map(commandsOf(contexts).map(({ name, path }) => [name, path]));

/** Its own names for each trial, so that all of them share one log. */
function named(trial: string, { command, fields }: Step): Step {
  const text = JSON.stringify(fields)
    .replaceAll(/contoso\.com/gi, `${trial}.contoso.com`)
    .replaceAll(/Redmond|Казань|London/gi, (site) => `${site} ${trial}`)
    .replaceAll(/tag:[a-z]+/gi, (policy) => `${policy}-${trial}`);
  return { command, fields: JSON.parse(text) as Step['fields'] };
}

describeOnKurrentDb('concurrent writers on two servers and the log of HOMEWARD_TEST_KURRENTDB', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start();
  }, 120_000);
  afterAll(() => cluster?.end());

  it.each(Object.entries(duels))(
    'break no rule: %s',
    async (_, anyDuel) => {
      const nodes = cluster.nodes as [TestServer, TestServer];
      for (const [index, { before, together }] of fc.sample(anyDuel, trials).entries()) {
        const trial = `t${Date.now().toString(36)}${index}`;
        const sent = new Map<string, Step>();
        const send = (node: TestServer, step: Step) => {
          const correlation = randomUUID();
          sent.set(correlation, step);
          return node.send(paths.get(step.command) ?? step.command, step.fields, { 'x-correlation-id': correlation });
        };
        await nodes[0].send('disable-policy', { policy: 'global' });
        const since = await headOf(nodes[0]);
        for (const step of before) expect((await send(nodes[0], named(trial, step))).body.outcome).toBe('done');
        const answers = await Promise.all(together.map((step, n) => send(nodes[n % 2]!, named(trial, step))));
        for (const { status, text } of answers) expect([200, 422, text]).toContain(status);

        const events = await recordedAfter(since, ({ meta }) => sent.has(meta.correlationId));
        const byCommand = new Map(events.map(({ meta }) => [meta.commandId, sent.get(meta.correlationId)!]));
        expect(faultsOf(events, byCommand)).toEqual([]);
        // What was said to be done is what is on record.
        const recorded = new Set(events.map(({ id }) => id));
        const said = answers.flatMap(({ body }) => (body.events ?? []) as { readonly id: string }[]);
        expect(said.filter(({ id }) => !recorded.has(id))).toEqual([]);
      }
    },
    180_000,
  );
});

async function headOf(node: TestServer): Promise<bigint> {
  const { body } = await node.send('register-site', { site: `Marker ${randomUUID()}` });
  return BigInt(body.position as string);
}
