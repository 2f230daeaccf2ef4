import { type GateEvent, type GateRecords, recordGate } from './gate-records.js';
import { deploymentGates, gatesOf, openGates, poolGates, snapshotOf } from './gates.js';

const none = { count: 0, offenders: [] };
const empty = { pool: 'ocs01.contoso.com', sealed: true, usersHomed: none, deploymentsHomed: none };
const now = '2013-05-03T12:00:00.000Z';
const gate = 'dns-records-updated';
const attested = (evidence: string): GateEvent => ({
  type: 'GateAttested',
  data: { subject: 'pool:ocs01.contoso.com', gate, evidence },
});
const waived = (expiresAt: string | null): GateEvent => ({
  type: 'GateWaived',
  data: { subject: 'pool:ocs01.contoso.com', gate, reason: 'never used', expiresAt },
});
const after = (...events: GateEvent[]): GateRecords =>
  events.reduce<GateRecords>((records, event) => new Map([[gate, recordGate(records.get(gate), event)]]), new Map());
const standing = (records: GateRecords, asOf = now) =>
  gatesOf(poolGates, empty, records, asOf).find((each) => each.gate === gate);

test('a legacy pool has its gates in the order of the contract', () => {
  expect(poolGates.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'users-gone computed',
    'deployments-gone computed',
    'sealed computed',
    'contact-objects-moved attested',
    'conference-directories-moved attested',
    'central-management-moved attested',
    'call-admission-rehosted attested',
    'dns-records-updated attested',
  ]);
});

test('a legacy deployment has its gates in the order of the contract', () => {
  expect(deploymentGates.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'migrated computed',
    'rooms-accounted computed',
    'clients-gone computed',
    'sealed computed',
    'group-chat-uninstalled attested',
    'trusted-application-removed attested',
    'backup-kept attested',
  ]);
});

test('a computed gate is met when nothing is in its way, and tells what is', () => {
  const usersHomed = { count: 2, offenders: ['user:sip:a@contoso.com', 'user:sip:b@contoso.com'] };
  const gates = gatesOf(poolGates, { ...empty, usersHomed, sealed: false }, new Map(), now);
  const unsaid = { evidence: null, by: null, at: null, expiresAt: null };
  expect(gates.slice(0, 3)).toEqual([
    { gate: 'users-gone', kind: 'computed', status: 'not-met', ...usersHomed, ...unsaid },
    { gate: 'deployments-gone', kind: 'computed', status: 'met', count: 0, offenders: [], ...unsaid },
    { gate: 'sealed', kind: 'computed', status: 'not-met', count: 1, offenders: ['pool:ocs01.contoso.com'], ...unsaid },
  ]);
});

test('at most 100 offenders are named, all are counted', () => {
  const offenders = Array.from({ length: 130 }, (_, i) => `deployment:chat${i}.contoso.com`);
  const [, gate] = gatesOf(poolGates, { ...empty, deploymentsHomed: { count: 130, offenders } }, new Map(), now);
  expect([gate?.count, gate?.offenders.length]).toEqual([130, 100]);
});

test.each([
  [false, true, 'not-met'],
  [true, true, 'met'],
  [false, false, 'met'],
])('migration completed %s, holds content %s: migrated is %s', (migrationCompleted, holdsContent, status) => {
  const deployment = 'gchat07.contoso.com';
  const facts = { deployment, sealed: true, roomsUnaccounted: none, clientsConnected: none };
  const [migrated] = gatesOf(deploymentGates, { ...facts, migrationCompleted, holdsContent }, new Map(), now);
  expect(migrated).toMatchObject({
    gate: 'migrated',
    status,
    offenders: status === 'met' ? [] : [`deployment:${deployment}`],
  });
});

test('an attested gate is unknown until attested, then met with its evidence', () => {
  expect(standing(after())).toMatchObject({ status: 'unknown', evidence: null });
  expect(standing(after(attested('ticket 7')))).toMatchObject({ status: 'met', evidence: 'ticket 7', expiresAt: null });
});

test('a view tells who attested and when', () => {
  const by = { id: 'token-1', name: 'Olga' };
  const records = new Map([[gate, recordGate(undefined, attested('ticket 7'), { by, at: now })]]);
  expect(standing(records)).toMatchObject({ by, at: now });
});

test('a waiver holds until it expires, as of the moment asked about', () => {
  const records = after(waived('2013-06-01T00:00:00.000Z'));
  expect(standing(records, '2013-05-31T23:59:59.999Z')).toMatchObject({
    status: 'waived',
    evidence: 'never used',
    expiresAt: '2013-06-01T00:00:00.000Z',
  });
  expect(standing(records, '2013-06-01T00:00:00.000Z')).toMatchObject({ status: 'unknown', expiresAt: null });
  expect(standing(after(waived(null)), '9999-01-01T00:00:00.000Z')).toMatchObject({ status: 'waived' });
});

test('what was said last counts; a lapsed waiver leaves what was attested before', () => {
  expect(standing(after(waived(null), attested('ticket 7')))).toMatchObject({ status: 'met' });
  const records = after(attested('ticket 7'), waived('2013-06-01T00:00:00.000Z'));
  expect(standing(records)).toMatchObject({ status: 'waived' });
  expect(standing(records, '2013-06-02T00:00:00.000Z')).toMatchObject({ status: 'met', evidence: 'ticket 7' });
});

test('open are those not met and those unknown; the snapshot keeps the others', () => {
  const gates = gatesOf(poolGates, empty, after(waived(null)), now);
  expect(openGates(gates)).toEqual([
    'contact-objects-moved',
    'conference-directories-moved',
    'central-management-moved',
    'call-admission-rehosted',
  ]);
  expect(snapshotOf(gates).at(-1)).toEqual({
    gate,
    kind: 'attested',
    status: 'waived',
    evidence: 'never used',
    expiresAt: null,
  });
});
