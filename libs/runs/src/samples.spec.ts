import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunStory } from './testing.js';

const samples = join(__dirname, '../../../samples');
let story: RunStory;
beforeAll(async () => {
  story = await RunStory.begin();
  await story.registerPool('pool13-spb.contoso.com', 'lync-2013');
});
afterAll(() => story.end());

test.each([
  ['users-lync-2013.csv', 160],
  ['users-lync-2010.csv', 130],
  ['users-ocs-2007-r2.csv', 110],
])('%s is %i users, each of them homed', async (name, users) => {
  const { counts, events } = await story.import(await readFile(join(samples, name)));
  expect(counts).toEqual({ done: users, unchanged: 0, refused: 0, invalid: 0 });
  expect(events.filter(({ type }) => type === 'UserHomed')).toHaveLength(users);
});

test('users-with-mistakes.csv says of each row what is wrong with it', async () => {
  const { counts, rows } = await story.import(await readFile(join(samples, 'users-with-mistakes.csv')));
  expect(counts).toEqual({ done: 1, unchanged: 0, refused: 4, invalid: 3 });
  expect(rows.map(({ line, column }) => [line, column])).toEqual([
    [4, 'RegistrarPool'],
    [5, 'SipAddress'],
    [6, 'PersistentChatPolicy'],
    [7, 'HomeServer'],
    [8, 'RegistrarPool'],
    [9, 'SipAddress'],
    [10, 'Guid'],
  ]);
});
