import type { SipUri } from '#kernel';
import { write } from '#kernel';
import { userStream } from '#homing';
import type { Story } from '../../kernel/src/testing.js';
import { nameClashes, nameTooLong } from './finding-facts.js';
import { findingsStream, standingOf } from './finding-records.js';
import { findings } from './findings.js';
import { content, contentStream } from '#content';
import {
  carry,
  category,
  commandNamed,
  estate,
  holding,
  room,
  run,
  send,
  source,
  target,
  upTo,
} from './run.testing.js';

const name = (characters: number) => 'x'.repeat(characters);
const subject = `migration:${run}`;
const say = (story: Story, command: string, fields: object) => story.when(commandNamed(command), fields);

describe('names that are too long after flattening', () => {
  /** `Parent - Child - Room` with this many characters in all. */
  const nested = (characters: number) =>
    holding(
      estate(),
      category(source, 'Parent'),
      category(source, 'Child', 'Parent'),
      room(source, name(characters - 'Parent - Child - '.length), 'Child'),
      room(source, name(256), 'Parent'),
    );
  const exported = (story: Story) =>
    send(story, 'RecordExport', { file: 'export.zip', categories: 2, rooms: 2, addIns: 0 });

  test('256 characters are fine, 257 keep the source from being exported', async () => {
    expect((await exported(await upTo(nested(256), 'RecordExport'))).outcome).toBe('done');
    expect((await exported(await upTo(nested(257), 'RecordExport'))).refusals).toMatchObject([
      { rule: 'migration.findings-open', findings: ['content.name-too-long'] },
    ]);
  });

  test('an excluded room keeps nothing', async () => {
    const story = await upTo(nested(257), 'RecordExport');
    story.record(
      write(contentStream(source), {
        type: 'RoomExcluded',
        data: { deployment: source, room: name(240) as never, reason: 'nobody writes there' },
      }),
    );
    expect((await exported(story)).outcome).toBe('done');
  });

  test('a category is told as well, and characters are code points', () => {
    const story = holding(
      estate(),
      category(source, name(200)),
      category(source, '😀'.repeat(54), name(200)),
      category(source, '😀'.repeat(53), name(200)),
    );
    const { categories, rooms } = story.state(contentStream(source));
    expect(nameTooLong({ deployment: source, categories, rooms: rooms.values() })).toMatchObject({
      count: 1,
      offenders: [`category:${source}/${'😀'.repeat(54)}`],
    });
  });
});

test('clashes are foreseen: names of the target, and names that become the same', () => {
  const story = holding(
    estate(),
    category(source, 'A'),
    category(source, 'B', 'A'),
    category(source, 'A - B'),
    room(source, 'Lobby', 'A'),
    room(source, 'a', 'B'),
    category(target, 'Pilot'),
    room(target, 'LOBBY', 'Pilot'),
  );
  const { categories, rooms, addIns } = story.state(contentStream(source));
  const of = { deployment: source, categories, rooms: rooms.values(), addIns: addIns.values() };
  expect(nameClashes(of, { deployment: target, ...story.state(contentStream(target)) })).toMatchObject({
    detail: `names that are there in ${target} already: 1; things of the source that get one name there: 2`,
    count: 3,
    offenders: [`category:${source}/B`, `category:${source}/A - B`, `room:${target}/Lobby`],
  });
});

test('of two things of a source that get one name the first is carried over, and the other one is counted and named as left out', async () => {
  const story = holding(
    estate(),
    category(source, 'A'),
    category(source, 'B', 'A'),
    category(source, 'A - B'),
    room(source, 'X', 'B'),
    room(source, 'A - B - X', 'A - B'),
    room(source, 'Y', 'B'),
  );
  const { categories, rooms, addIns } = story.state(contentStream(source));
  const of = { deployment: source, categories, rooms: rooms.values(), addIns: addIns.values() };
  const foreseen = nameClashes(of, { deployment: target, ...story.state(contentStream(target)) });
  expect(foreseen?.detail).toBe(
    `names that are there in ${target} already: 0; things of the source that get one name there: 4`,
  );
  expect(foreseen?.offenders.toSorted()).toEqual([
    `category:${source}/A - B`,
    `category:${source}/B`,
    `room:${source}/A - B - X`,
    `room:${source}/X`,
  ]);
  // What the target holds in the end is what there is to report: no migration.counts-differ.
  const counts = { categories: 2, rooms: 2, addIns: 0 };
  await upTo(story, 'CompleteMigration', { RecordExport: counts, RecordImport: counts });
  const there = story.state(contentStream(target));
  expect(there.carriedIn.get(run)?.carried).toEqual(counts);
  expect([...there.categories.values()].map(({ name }) => name).toSorted()).toEqual(['A', 'A - B']);
  expect(there.rooms.get('a - b - x')).toMatchObject({ category: 'a - b', carriedOverFrom: { name: 'A - B - X' } });
  expect(there.rooms.get('a - b - y')).toMatchObject({ category: 'a - b', carriedOverFrom: { name: 'Y' } });
  expect((await send(story, 'CompleteMigration')).refusals).toMatchObject([
    { rule: 'migration.rooms-unaccounted', count: 1, offenders: [`room:${source}/X`] },
  ]);
});

test('a room that has the name of a category is foreseen, left out, named, and can be removed', async () => {
  const story = holding(
    estate(),
    category(source, 'Trading'),
    room(source, 'Lobby', 'Trading'),
    room(source, 'trading', 'Trading'),
  );
  const { categories, rooms, addIns } = story.state(contentStream(source));
  const of = { deployment: source, categories, rooms: rooms.values(), addIns: addIns.values() };
  expect(nameClashes(of, { deployment: target, ...story.state(contentStream(target)) })).toMatchObject({
    count: 1,
    offenders: [`room:${source}/trading`],
  });
  const counts = { categories: 1, rooms: 1, addIns: 0 };
  await upTo(story, 'CompleteMigration', { RecordExport: counts, RecordImport: counts });
  expect((await send(story, 'CompleteMigration')).refusals).toMatchObject([
    { rule: 'migration.rooms-unaccounted', count: 1, offenders: [`room:${source}/trading`] },
  ]);
  const waiver = { subject, finding: 'content.name-clash', reason: 'it is called Trading desk now' };
  expect((await say(story, 'WaiveFinding', waiver)).outcome).toBe('done');
  const remove = content.commands.find(({ name: command }) => command === 'RemoveRoom')!;
  await story.after([remove, { deployment: source, room: 'trading' }]);
  expect((await send(story, 'CompleteMigration')).outcome).toBe('done');
});

describe('ResolveFinding and WaiveFinding', () => {
  const planned = () => upTo(estate(), 'RecordBackup');
  const resolve = async (finding: string, about = subject) =>
    (await say(await planned(), 'ResolveFinding', { subject: about, finding, resolution: 'done' })).rules;
  const waive = async (finding: string, about = subject) =>
    (await say(await planned(), 'WaiveFinding', { subject: about, finding, reason: 'fine' })).rules;

  test.each([
    ['migration:nowhere', 'prepare.same-forest'],
    ['deployment:nowhere.contoso.com', 'content.name-too-long'],
    [`deployment:${target}`, 'content.nested-categories'],
    ['user:sip:nobody@contoso.com', 'clients.not-permitted'],
    ['estate', 'no.such-finding'],
    ['estate', 'prepare.same-forest'],
    ['site:Redmond', 'capacity.rooms'],
  ])('%s has no %s: finding.unknown', async (about, finding) => {
    expect(await resolve(finding, about)).toEqual(['finding.unknown']);
    expect(await waive(finding, about)).toEqual(['finding.unknown']);
  });

  test('what is computed goes with its fact: finding.computed', async () => {
    expect(await resolve('migration.counts-differ')).toEqual(['finding.computed']);
    expect(await resolve('content.name-too-long', `deployment:${source}`)).toEqual(['finding.computed']);
  });

  test('what is no warning and no reported count: finding.not-waivable', async () => {
    for (const finding of ['content.name-too-long', 'content.nested-categories', 'content.invitations-forced-off'])
      expect(await waive(finding, `deployment:${source}`)).toEqual(['finding.not-waivable']);
  });

  test('each other one is waived where it can be', async () => {
    const story = await planned();
    const user = 'sip:vera@contoso.com' as SipUri;
    story.record(write(userStream(user), { type: 'UserEnrolled', data: { user } }));
    const about = {
      estate: 'estate',
      migration: subject,
      user: `user:${user}`,
      deployment: `deployment:${target}`,
      source: `deployment:${source}`,
    };
    const absent = ['content.name-clash', 'migration.counts-differ', 'capacity.rooms', 'clients.not-permitted'];
    for (const { finding, on, waivable } of findings) {
      const { outcome } = await say(story, 'WaiveFinding', { subject: about[on], finding, reason: 'fine' });
      expect([finding, outcome]).toEqual([finding, waivable && !absent.includes(finding) ? 'done' : 'refused']);
    }
  });

  test('what is not there cannot be waived beforehand: finding.unknown', async () => {
    for (const finding of ['migration.counts-differ', 'content.name-clash'])
      expect(await waive(finding)).toEqual(['finding.unknown']);
    expect(await waive('capacity.rooms', `deployment:${target}`)).toEqual(['finding.unknown']);
    const rolledBack = await planned();
    await send(rolledBack, 'RollBackMigration', { reason: 'back' });
    const waiver = { subject, finding: 'clients.no-endpoint', reason: 'fine' };
    expect((await say(rolledBack, 'WaiveFinding', waiver)).rules).toEqual(['finding.unknown']);
  });

  test('a difference of counts is waived once it is there, not before everything is carried over', async () => {
    const filled = holding(estate(), category(source, 'Trading'), room(source, 'Lobby', 'Trading'));
    const counts = { categories: 1, rooms: 7, addIns: 0 };
    const story = await upTo(filled, 'RecordImport', { RecordExport: counts });
    const waiving = { subject, finding: 'migration.counts-differ', reason: 'counted twice' };
    await send(story, 'RecordImport', counts);
    expect((await say(story, 'WaiveFinding', waiving)).rules).toEqual(['finding.unknown']);
    carry(story);
    expect((await say(story, 'WaiveFinding', waiving)).outcome).toBe('done');
  });

  test('a clash is waived before and after the import', async () => {
    const filled = holding(estate(), category(source, 'Trading'), category(target, 'trading'));
    const backup = { migration: run, side: 'target', reference: 'tape 2' };
    const story = await upTo(filled, 'RecordImport', {});
    await send(story, 'RecordBackup', backup);
    const waive = (reason: string) => say(story, 'WaiveFinding', { subject, finding: 'content.name-clash', reason });
    expect((await waive('the same')).outcome).toBe('done');
    await send(story, 'RecordImport', { categories: 1, rooms: 0, addIns: 0 });
    carry(story);
    expect((await waive('it was the same')).outcome).toBe('done');
  });

  test('each is done, then unchanged; what was said last counts, and a waiver lapses', async () => {
    const story = await planned();
    const finding = 'prepare.root-managers';
    const standing = (asOf: string) => standingOf(story.state(findingsStream(subject)).get(finding), asOf);
    expect(standing('2013-01-01T00:00:00.000Z').status).toBe('open');
    const resolving = { subject, finding, resolution: 'they are removed' };
    expect((await say(story, 'ResolveFinding', resolving)).outcome).toBe('done');
    expect((await say(story, 'ResolveFinding', resolving)).outcome).toBe('unchanged');
    const waiving = { subject, finding, reason: 'they may', expiresAt: '2014-01-01T00:00:00.000Z' };
    expect((await say(story, 'WaiveFinding', waiving)).outcome).toBe('done');
    expect((await say(story, 'WaiveFinding', waiving)).outcome).toBe('unchanged');
    expect(standing('2013-12-31T23:59:59.999Z')).toMatchObject({ status: 'waived', words: 'they may' });
    expect(standing('2014-01-01T00:00:00.000Z')).toMatchObject({ status: 'resolved', words: 'they are removed' });
  });
});
