import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Content, contentStream } from '#content';
import { BadFile } from './errors.js';
import { RunStory, sender } from './testing.js';

const samples = join(__dirname, '../../../samples');
const [chat10, chat13] = ['chat10.contoso.com', 'chat13.contoso.com'];

let story: RunStory;
beforeEach(async () => {
  story = await RunStory.begin();
  await story.send('RegisterDeployment', {
    deployment: chat10,
    generation: 'lync-2010',
    homedOn: 'lync10.contoso.com',
  });
  await story.send('RegisterDeployment', {
    deployment: chat13,
    generation: 'lync-2013',
    homedOn: 'pool13.contoso.com',
  });
});
afterEach(() => story.end());

const contentOf = async (deployment: string): Promise<Content> =>
  story.shell.begin(sender.actor, true).load(contentStream(deployment));
const header = 'CategoryPath,Room,Type,Privacy,AddIn,AddInUrl,Invitations,FileUpload,ChatHistory,Disabled';
const template = (...rows: readonly string[]): string => [header, ...rows, ''].join('\r\n');
const all = (done: number) => ({ done, unchanged: 0, refused: 0, invalid: 0 });

describe('our template', () => {
  test.each(['content-chat10.csv', 'content-gchat07.csv'])(
    '%s is taken whole, and again changes nothing',
    async (name) => {
      const file = await readFile(join(samples, name));
      const first = await story.importContent(chat10, file);
      expect(first.counts).toEqual(all(first.advanced[0]!.total));
      const again = await story.importContent(chat10, file);
      expect([again.counts, again.events]).toEqual([{ ...all(0), unchanged: first.counts.done }, []]);
    },
  );

  test('takes no name that an export as ASCII has cost its letters', async () => {
    const file = template('IT,???????,,,,,,,,', 'IT\\????,News,,,,,,,,', 'IT,What now?,,,,,,,,', 'IT,A,,,???,,,,,');
    const { counts, rows } = await story.importContent(chat10, file);
    expect(counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: 3 });
    const why = expect.stringContaining('Export-Csv -Encoding UTF8') as string;
    expect(rows).toMatchObject([
      { line: 2, column: 'Room', value: '???????', message: why },
      { line: 3, column: 'CategoryPath', value: 'IT\\????', message: why },
      { line: 5, column: 'AddIn', value: '???', message: why },
    ]);
  });

  test('has nested categories, rooms of any kind, and rooms that are excluded', async () => {
    await story.importContent(chat10, await readFile(join(samples, 'content-chat10.csv')));
    const { categories, rooms, addIns } = await contentOf(chat10);
    expect(categories.get('london')).toMatchObject({ parent: 'trading', invitations: false, rooms: 3 });
    expect(rooms.get('morning call')).toMatchObject({ category: 'trading', type: 'auditorium', privacy: 'open' });
    expect(rooms.get('fx desk')).toMatchObject({ addIn: 'ticker', excluded: false });
    expect(rooms.get('windows 2000 migration')).toMatchObject({ excluded: true });
    expect(addIns.get('ticker')).toMatchObject({ rooms: 6 });
    const excluded = (await story.events()).find(({ type }) => type === 'RoomExcluded');
    expect(excluded?.data['reason']).toBe('disabled in the legacy system');
  });

  test('makes the categories that a path leads through, as what it says elsewhere of them', async () => {
    const { counts, told } = await story.importContent(
      chat10,
      template(
        'A\\B\\C,Desk,,,Ticker,,,,,',
        'A\\B,,,,,,False,,,',
        'A,,,,,,,False,,',
        ',,,,Ticker,http://t.contoso.com,,,,',
      ),
    );
    expect(counts).toEqual({ ...all(1), unchanged: 3 });
    expect(told.map((line) => line.split(' ')[0])).toEqual([
      'CategoryAdded',
      'CategoryAdded',
      'CategoryAdded',
      'AddInAdded',
      'RoomAdded',
    ]);
    const { categories } = await contentOf(chat10);
    expect(categories.get('a')).toMatchObject({ parent: null, invitations: true, fileUpload: false });
    expect(categories.get('b')).toMatchObject({ parent: 'a', invitations: false, fileUpload: true });
    expect(categories.get('c')).toMatchObject({ parent: 'b', rooms: 1 });
  });

  test('leaves alone what its cells do not say, and adds what they do', async () => {
    await story.importContent(chat10, template('A,,,,,,False,,,', 'A,Desk,Auditorium,Secret,,,,,,'));
    await story.send('ExcludeRoom', { deployment: chat10, room: 'Desk', reason: 'by hand' });
    const same = await story.importContent(chat10, template('A,,,,,,,,,', 'A,Desk,,,,,,,,False'));
    expect(same.counts).toEqual({ ...all(0), unchanged: 2 });
    const more = await story.importContent(chat10, template('A,Desk,,,Ticker,http://t.contoso.com,,,,'));
    expect(more.events.map(({ type }) => type)).toEqual(['AddInAdded', 'AddInAttached']);
    expect((await contentOf(chat10)).rooms.get('desk')).toMatchObject({
      type: 'auditorium',
      privacy: 'secret',
      addIn: 'ticker',
      excluded: true,
    });
  });

  test('is refused row by row where it contradicts what is there, and the rest goes on', async () => {
    await story.importContent(chat10, template('A,Desk,Normal,,,,,,,', 'B,,,,,,,,,'));
    const { rows, counts } = await story.importContent(
      chat10,
      template(
        'A,Desk,Auditorium,,,,,,,',
        'B,Desk,,,,,,,,',
        'B\\A,,,,,,,,,',
        'B,A,,,,,,,,',
        'B,Other,,,Nowhere,,,,,',
        'B,Last,,,,,,,,',
      ),
    );
    expect(rows.map(({ line, column, refusals }) => [line, column, ...refusals.map(({ rule }) => rule)])).toEqual([
      [2, 'Room', 'content.exists'],
      [3, 'Room', 'content.exists'],
      [4, 'CategoryPath', 'content.exists'],
      [5, 'Room', 'content.name-clash'],
      [6, 'AddIn', 'content.unknown-add-in'],
    ]);
    expect(counts).toMatchObject({ done: 1, refused: 5 });
  });

  test('says of a row that cannot be read which cell is wrong', async () => {
    const { rows } = await story.importContent(
      chat10,
      template(
        ',,,,,,,,,',
        ',Desk,,,,,,,,',
        'A\\\\B,,,,,,,,,',
        'A,Desk,Amphitheatre,,,,,,,',
        'A,Desk,,Hidden,,,,,,',
        'A,Desk,,,,,,,,perhaps',
        'A,,,,,,maybe,,,',
        'A,,,,,,,,,True',
        'A,,,,Ticker,,,,,',
        ',,,,Ticker,,,,,',
        ',,,,Ticker,ftp://x,,,,',
        `${'a'.repeat(257)},Desk,,,,,,,,`,
        'A,Desk,,,,',
      ),
    );
    expect(rows.map(({ line, outcome, column, value }) => [line, outcome, column, value?.slice(0, 12)])).toEqual([
      [2, 'invalid', 'CategoryPath', ''],
      [3, 'invalid', 'CategoryPath', ''],
      [4, 'invalid', 'CategoryPath', 'A\\\\B'],
      [5, 'invalid', 'Type', 'Amphitheatre'],
      [6, 'invalid', 'Privacy', 'Hidden'],
      [7, 'invalid', 'Disabled', 'perhaps'],
      [8, 'invalid', 'Invitations', 'maybe'],
      [9, 'invalid', 'Disabled', 'True'],
      [10, 'invalid', 'AddIn', 'Ticker'],
      [11, 'invalid', 'AddInUrl', ''],
      [12, 'invalid', 'AddInUrl', 'ftp://x'],
      [13, 'invalid', 'CategoryPath', 'aaaaaaaaaaaa'],
      [14, 'invalid', null, undefined],
    ]);
  });

  test('with nested categories is refused by a deployment that has one level', async () => {
    const { rows } = await story.importContent(chat13, template('A\\B,Desk,,,,,,,,'));
    expect(rows[0]?.refusals.map(({ rule }) => rule)).toEqual(['content.nested-category']);
    expect((await contentOf(chat13)).categories.size).toBe(0);
  });

  test('goes on where it stopped, with what it knows ahead', async () => {
    const rooms = Array.from({ length: 600 }, (_, n) => `Late,Room ${n},,,,,,,,`);
    const file = template(...rooms, 'Late,,,,,,False,,,');
    const run = await story.upload(file, 'text/csv', 2 ** 20, 'content', { deployment: chat10 });
    await story.act('pause', run);
    await story.again();
    await story.act('resume', run);
    expect((await story.finished(run)).counts).toEqual({ ...all(600), unchanged: 1 });
    expect((await contentOf(chat10)).categories.get('late')).toMatchObject({ invitations: false, rooms: 600 });
  });
});

describe("the cmdlets' exports", () => {
  const read = (what: string): Promise<Buffer> => readFile(join(samples, `persistent-chat-${what}.csv`));

  test('are taken as they come: categories, add-ins, rooms; and again change nothing', async () => {
    const files = [await read('categories'), await read('addins'), await read('rooms')];
    for (const file of files) {
      const { counts, advanced } = await story.importContent(chat13, file);
      expect(counts).toEqual(all(advanced[0]!.total));
    }
    const { categories, rooms, addIns } = await contentOf(chat13);
    expect(categories.get('announcements')).toMatchObject({ invitations: true, fileUpload: false, parent: null });
    expect(rooms.get('news')).toMatchObject({ category: 'announcements', type: 'auditorium', privacy: 'open' });
    expect(rooms.get('lync 2013 pilot')).toMatchObject({ addIn: 'wiki' });
    expect(addIns.get('wiki')).toMatchObject({ url: 'https://wiki.contoso.com/lync' });
    for (const file of files) expect((await story.importContent(chat13, file)).events).toEqual([]);
  });

  test('of rooms alone are refused, and go through with a retry once their categories and add-ins are there', async () => {
    const { run, rows } = await story.importContent(chat13, await read('rooms'));
    expect(rows.map(({ refusals }) => refusals.map(({ rule }) => rule))).toEqual([
      ['content.unknown-category'],
      ['content.unknown-category', 'content.unknown-add-in'],
      ['content.unknown-category'],
    ]);
    await story.importContent(chat13, await read('categories'));
    await story.importContent(chat13, await read('addins'));
    await story.act('retry', run);
    expect((await story.finished(run)).counts).toEqual(all(3));
  });

  test('of another pool are told so, row by row', async () => {
    const { rows, counts } = await story.importContent(chat10, await read('rooms'));
    expect(counts).toEqual({ ...all(0), invalid: 3 });
    expect(rows[0]).toMatchObject({
      column: 'Identity',
      value: 'chat13.contoso.com\\News',
      message: expect.stringMatching(/^must be of chat10.contoso.com, not of chat13.contoso.com/),
    });
  });
});

test.each([
  ['a list of users', 'Name,SipAddress,Identity\r\nA,a@c.com,x\r\n'],
  ['nothing that is known', 'a,b\r\n1,2\r\n'],
])('a file of %s is none of content', async (_, file) => {
  await expect(story.importContent(chat13, file)).rejects.toThrow(BadFile);
  await expect(story.importContent(chat13, file)).rejects.toThrow(/neither the columns of the template/);
});

test('every row is refused by a deployment that is not there, and by one that is sealed', async () => {
  const { rows } = await story.importContent('gone.contoso.com', template('A,Desk,,,,,,,,'));
  expect(rows[0]?.refusals.map(({ rule }) => rule)).toEqual(['topology.unknown-deployment']);
  await story.send('SealDeployment', { deployment: chat10 });
  const sealed = await story.importContent(chat10, template('A,,,,,,,,,'));
  expect(sealed.rows[0]?.refusals.map(({ rule }) => rule)).toEqual(['topology.deployment-sealed']);
});
