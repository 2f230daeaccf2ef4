import { subject } from '#kernel';
import type { Assignment } from './stored-item.js';

type Data = Readonly<Record<string, unknown>>;
type ChangesOf = (data: Data) => readonly Assignment[];

const text = (value: unknown): string => String(value);

const pool = (data: Data): string => subject.pool(text(data['pool']));
const deployment = (data: Data): string => subject.deployment(text(data['deployment']));
const user = (data: Data): string => subject.user(text(data['user']));
const policy = (data: Data): string => subject.policy(text(data['policy']));
const token = (data: Data): string => subject.token(text(data['token']));
const category = (data: Data): string => subject.category(text(data['deployment']), text(data['category']));
const room = (data: Data): string => subject.room(text(data['deployment']), text(data['room']));
const addIn = (data: Data): string => subject.addIn(text(data['deployment']), text(data['addIn']));

type About = (data: Data) => string;

/** It has come to be: nothing was there before. */
const added =
  (about: About, fields: readonly string[], also: Readonly<Record<string, unknown>> = {}): ChangesOf =>
  (data) => {
    const itself = about(data);
    return [
      ...fields.map((field) => ({ subject: itself, field, before: null, after: data[field] ?? null })),
      ...Object.entries(also).map(([field, after]) => ({ subject: itself, field, before: null, after })),
    ];
  };

/** It is gone; what it was, its earlier events tell. */
const removed =
  (about: About, fields: readonly string[]): ChangesOf =>
  (data) =>
    fields.map((field) => ({ subject: about(data), field, after: null }));

/** The event's type alone tells both sides. */
const switched =
  (about: About, field: string, before: unknown, after: unknown): ChangesOf =>
  (data) => [{ subject: about(data), field, before, after }];

const moved =
  (about: About, field: string): ChangesOf =>
  (data) => [{ subject: about(data), field, before: data['from'] ?? null, after: data['to'] ?? null }];

/** The fields that the event names get a value; what they had, earlier events tell. */
const described =
  (about: About, fields: readonly string[]): ChangesOf =>
  (data) => {
    const itself = about(data);
    return fields
      .filter((field) => data[field] !== undefined)
      .map((field) => ({ subject: itself, field, after: data[field] }));
  };

/** What was attested and what was waived stand side by side; the status is that of the last of them. */
const gate =
  (status: string, fields: readonly string[]): ChangesOf =>
  (data) => {
    const about = text(data['subject']);
    const field = `gate ${text(data['gate'])}`;
    return [
      { subject: about, field, after: status },
      ...fields.map((name) => ({ subject: about, field: `${field} ${name}`, after: data[name] ?? null })),
    ];
  };

const migration = (data: Data): string => subject.migration(text(data['migration']));

/** What a step of a migration records, under one name. */
const stepped =
  (field: string, recorded: readonly string[]): ChangesOf =>
  (data) => [
    {
      subject: migration(data),
      field,
      after: Object.fromEntries(recorded.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]]))),
    },
  ];

/** What was done about a finding and what was waived stand side by side; the status is that of the last of them. */
const finding =
  (status: string, fields: readonly string[]): ChangesOf =>
  (data) => {
    const about = text(data['subject']);
    const field = `finding ${text(data['finding'])}`;
    return [
      { subject: about, field, after: status },
      ...fields.map((name) => ({ subject: about, field: `${field} ${name}`, after: data[name] ?? null })),
    ];
  };

type Things = readonly Readonly<Record<string, string>>[];
const thingsOf = (content: unknown): readonly (readonly [kind: 'category' | 'room' | 'addIn', things: Things])[] => {
  const { categories = [], rooms = [], addIns = [] } = (content ?? {}) as Readonly<Record<string, Things>>;
  return [
    ['category', categories],
    ['room', rooms],
    ['addIn', addIns],
  ];
};

/** A batch of what a migration carries over: each thing says from where, and what was overwritten that it is gone. */
const carriedOver: ChangesOf = (data) => {
  const { deployment: target, source } = data as Readonly<Record<string, string>>;
  const all = (content: unknown, after: unknown) =>
    thingsOf(content).flatMap(([kind, things]) =>
      things.map((each) => ({
        subject: subject[kind](text(target), text(each[kind])),
        field: 'carriedOverFrom',
        before: null,
        after,
      })),
    );
  return [
    { subject: migration(data), field: 'carriedOver', after: data['carried'] ?? null },
    ...all(data['overwritten'], null),
    ...all(data, source),
  ];
};

/** A batch of what a rollback takes back out, or restores. */
const takenBack: ChangesOf = (data) => {
  const { deployment: target, source } = data as Readonly<Record<string, string>>;
  const all = (content: unknown, nameOf: (each: Things[number], kind: string) => unknown) =>
    thingsOf(content).flatMap(([kind, things]) =>
      things.map((each) => ({
        subject: subject[kind](text(target), text(nameOf(each, kind))),
        field: 'carriedOverFrom',
        before: source,
        after: null,
      })),
    );
  return [
    { subject: migration(data), field: 'carriedOver', after: data['carried'] ?? null },
    ...all(data['removed'], (name) => name),
    ...all(data['kept'], (name) => name),
    ...all(data['restored'], (each, kind) => each[kind]),
  ];
};

const roomFields = ['category', 'type', 'privacy', 'addIn'] as const;
const categoryFields = ['parent', 'invitations', 'fileUpload', 'chatHistory'] as const;

const changesByType: Readonly<Record<string, ChangesOf>> = {
  SiteRegistered: (data) => [
    { subject: subject.site(text(data['site'])), field: 'site', before: null, after: data['site'] },
  ],
  PoolRegistered: added(pool, ['generation', 'site'], { status: 'active' }),
  PoolSealed: switched(pool, 'status', 'active', 'sealed'),
  PoolUnsealed: switched(pool, 'status', 'sealed', 'active'),
  PoolDecommissioned: switched(pool, 'status', 'sealed', 'decommissioned'),
  DeploymentRegistered: added(deployment, ['name', 'generation', 'homedOn'], { status: 'active' }),
  DeploymentRehomed: moved(deployment, 'homedOn'),
  DeploymentSealed: switched(deployment, 'status', 'active', 'sealed'),
  DeploymentUnsealed: switched(deployment, 'status', 'sealed', 'active'),
  DeploymentDecommissioned: switched(deployment, 'status', 'sealed', 'decommissioned'),
  LegacyEndpointAdded: (data) => [
    { subject: deployment(data), field: 'legacyEndpoints', before: null, after: data['uri'] },
  ],
  LegacyEndpointRemoved: (data) => [
    { subject: deployment(data), field: 'legacyEndpoints', before: data['uri'], after: null },
  ],
  PolicyCreated: added(policy, ['enabled']),
  PolicyEnabled: switched(policy, 'enabled', false, true),
  PolicyDisabled: switched(policy, 'enabled', true, false),
  PolicyReset: switched(policy, 'enabled', true, false),
  PolicyRemoved: removed(policy, ['enabled']),
  UserEnrolled: (data) => [
    ...described(user, ['displayName', 'guid'])(data),
    { subject: user(data), field: 'retired', after: false },
  ],
  UserDescribed: described(user, ['displayName', 'guid']),
  UserHomed: moved(user, 'pool'),
  UserRetired: (data) => [
    { subject: user(data), field: 'retired', before: false, after: true },
    { subject: user(data), field: 'pool', after: null },
  ],
  PolicyGranted: (data) => [{ subject: user(data), field: 'granted', after: data['policy'] }],
  PolicyRevoked: (data) => [{ subject: user(data), field: 'granted', before: data['policy'], after: null }],
  ClientConnected: (data) => [
    { subject: user(data), field: `client ${text(data['client'])}`, after: data['deployment'] },
  ],
  ClientDisconnected: (data) => [
    { subject: user(data), field: `client ${text(data['client'])}`, before: data['deployment'], after: null },
  ],
  CategoryAdded: added(category, categoryFields),
  CategoryRemoved: removed(category, categoryFields),
  RoomAdded: added(room, roomFields, { excluded: false }),
  RoomExcluded: switched(room, 'excluded', false, true),
  RoomIncluded: switched(room, 'excluded', true, false),
  RoomRemoved: removed(room, [...roomFields, 'excluded']),
  AddInAdded: added(addIn, ['url']),
  AddInAttached: (data) => [{ subject: room(data), field: 'addIn', after: data['addIn'] }],
  AddInDetached: (data) => [{ subject: room(data), field: 'addIn', after: null }],
  AddInRemoved: removed(addIn, ['url']),
  GateAttested: gate('met', ['evidence']),
  GateWaived: gate('waived', ['reason', 'expiresAt']),
  MigrationPlanned: added(migration, ['source', 'target', 'contentCutoff', 'lookupUri']),
  SourceTaken: (data) => [{ subject: deployment(data), field: 'migration', before: null, after: data['migration'] }],
  SourceReturned: (data) => [{ subject: deployment(data), field: 'migration', before: data['migration'], after: null }],
  BackupRecorded: (data) => [
    { subject: migration(data), field: `${text(data['side'])}Backup`, after: data['reference'] },
  ],
  ServicesStopped: (data) => [
    { subject: migration(data), field: `${text(data['side'])}Stopped`, before: false, after: true },
  ],
  ServicesStarted: (data) => [
    { subject: migration(data), field: `${text(data['side'])}Stopped`, before: true, after: false },
  ],
  DataExported: stepped('exported', ['file', 'categories', 'rooms', 'addIns', 'sha256']),
  ExportInspected: switched(migration, 'inspected', false, true),
  DryRunRecorded: stepped('dryRun', ['errors', 'warnings', 'report']),
  DataImported: stepped('imported', ['categories', 'rooms', 'addIns', 'report']),
  FilesCopied: stepped('files', ['files', 'bytes']),
  LookupAccountDeleted: (data) => [
    { subject: migration(data), field: 'deletedAccounts', before: null, after: data['uri'] },
  ],
  MigrationVerified: stepped('verification', ['method', 'conflicts', 'report']),
  MigrationCompleted: switched(migration, 'closed', null, 'completed'),
  // A completed one may be rolled back too.
  MigrationRolledBack: (data) => [{ subject: migration(data), field: 'closed', after: 'rolled-back' }],
  ContentCarriedOver: carriedOver,
  CarriedContentTakenBack: takenBack,
  FindingResolved: finding('resolved', ['resolution']),
  FindingWaived: finding('waived', ['reason', 'expiresAt']),
  TokenIssued: added(token, ['name', 'roles', 'expiresAt'], { revoked: false }),
  TokenRevoked: switched(token, 'revoked', false, true),
};

/** The recorded facts that an event changes. What an event does to others beside it (counts, effective policies) is no part of it. */
export function changesOf(type: string, data: Data): readonly Assignment[] {
  return Object.hasOwn(changesByType, type) ? (changesByType[type]?.(data) ?? []) : [];
}

/** One change a field: from before the first to after the last. */
export function merged(assignments: readonly Assignment[]): readonly Assignment[] {
  if (assignments.length < 2) return assignments;
  const byField = new Map<string, Assignment>();
  for (const each of assignments) {
    const key = `${each.subject} ${each.field}`;
    const first = byField.get(key);
    byField.set(key, first ? { ...first, after: each.after } : each);
  }
  return [...byField.values()];
}
