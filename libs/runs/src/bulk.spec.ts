import { BadFile, WrongMediaType } from './errors.js';
import { RunStory } from './testing.js';

let story: RunStory;
beforeEach(async () => {
  story = await RunStory.begin();
});
afterEach(() => story.end());

const lines = (...objects: readonly unknown[]): string =>
  objects.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');

describe('a CSV of one command', () => {
  test('has a row for each command, with the fields in any order and case', async () => {
    const { told, counts } = await story.bulk('enrol-user', 'DISPLAYNAME;User\nАлиса;Alice@Contoso.com\n"";b@c.com\n');
    expect(told).toEqual(['UserEnrolled sip:alice@contoso.com', 'UserEnrolled sip:b@c.com']);
    expect(counts).toEqual({ done: 2, unchanged: 0, refused: 0, invalid: 0 });
  });

  test('gives an empty cell of an optional field the meaning of one that is not there', async () => {
    const { events } = await story.bulk('enrol-user', 'user,displayName,guid,pool\na@c.com,,,\n');
    const plain = await story.bulk('enrol-user', 'user\nb@c.com\n');
    expect({ ...events[0]?.data, user: null }).toEqual({ ...plain.events[0]?.data, user: null });
  });

  test('tells of an empty cell of a required field what would be right', async () => {
    const { rows } = await story.bulk('register-site', 'site,reason\n,moved\n');
    expect(rows).toEqual([
      { line: 2, outcome: 'invalid', column: 'site', value: '', message: expect.stringMatching(/1 to/), refusals: [] },
    ]);
  });

  describe('names the cell that rules find at fault:', () => {
    beforeEach(async () => {
      await story.send('RegisterDeployment', {
        deployment: 'chat13.contoso.com',
        generation: 'lync-2013',
        homedOn: 'pool13.contoso.com',
      });
      await story.send('AddCategory', { deployment: 'chat13.contoso.com', category: 'IT' });
      await story.send('EnrolUser', { user: 'sip:a@c.com' });
      await story.send('SealPool', { pool: 'lync10.contoso.com' });
    });

    test.each<[string, string, string, string]>([
      ['home-user', 'user,pool\na@c.com,lync10.contoso.com', 'pool', 'lync10.contoso.com'],
      ['home-user', 'pool,user\nlync10.contoso.com,b@c.com', 'user', 'b@c.com'],
      ['grant-policy', 'user,policy\na@c.com,tag:None', 'policy', 'tag:None'],
      ['register-deployment', 'deployment,generation,homedOn\nx.c.com,lync-2013,y.c.com', 'homedOn', 'y.c.com'],
      ['register-pool', 'pool,generation,site\nx.c.com,lync-2013,Tacoma', 'site', 'Tacoma'],
      ['add-room', 'deployment,category,room\nchat13.contoso.com,HR,FX', 'category', 'HR'],
      ['add-room', 'deployment,category,room\nchat13.contoso.com,IT,it', 'room', 'it'],
      ['add-category', 'deployment,category,parent\nchat13.contoso.com,HR,People', 'parent', 'People'],
      ['remove-add-in', 'deployment,addIn\nchat13.contoso.com,Map', 'addIn', 'Map'],
    ])('%s of %j', async (command, file, column, value) => {
      const { rows } = await story.bulk(command, file);
      expect(rows).toMatchObject([{ outcome: 'refused', column, value }]);
      const [header, line] = file.split('\n').map((each) => each.split(','));
      const object = Object.fromEntries(header!.map((name, index) => [name, line![index]]));
      const again = await story.bulk(command, JSON.stringify(object), 'application/x-ndjson');
      expect(again.rows).toMatchObject([{ outcome: 'refused', column, value }]);
    });
  });

  test('takes true and false in any case, and says what is right where it is neither', async () => {
    const { events, rows } = await story.bulk(
      'create-policy',
      'policy,enabled\ntag:a,TRUE\ntag:b,False\ntag:c,maybe\n',
    );
    expect(events.map(({ data }) => data['enabled'])).toEqual([true, false]);
    expect(rows).toMatchObject([{ line: 4, column: 'enabled', value: 'maybe', message: 'must be true or false' }]);
  });

  test('records the reason and ticket of each row', async () => {
    const { events } = await story.bulk('register-site', 'site,reason,ticket\nA,"moved, again",CHG-7\nB,,\n');
    expect(events.map(({ meta: { reason, ticket } }) => [reason, ticket])).toEqual([
      ['moved, again', 'CHG-7'],
      [null, null],
    ]);
  });

  test.each([
    [
      'a column that is no field',
      'user,colour\na@c.com,red\n',
      'colour',
      /no column that is known; the columns are user/,
    ],
    ['a column twice', 'user,displayName,USER\na@c.com,A,b@c.com\n', 'USER', /twice/],
    ['a column without a name', 'user,,displayName\na@c.com,,A\n', 'file', /no name for column 2/],
    ['no column for a required field', 'displayName\nA\n', 'user', /is missing/],
    ['nothing', '', 'file', /empty/],
  ])('with %s makes no run', async (_, file, field, message) => {
    const before = (await story.events()).length;
    const error = await story.bulk('enrol-user', file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadFile);
    expect((error as BadFile).errors).toMatchObject([{ field, message: expect.stringMatching(message) }]);
    expect(await story.events()).toHaveLength(before);
  });

  test('may have the Error column that a failed file came back with', async () => {
    const { run, counts } = await story.bulk(
      'home-user',
      'user,pool\na@c.com,pool13.contoso.com\nx y,pool13.contoso.com\n',
    );
    expect(counts).toMatchObject({ refused: 1, invalid: 1 });
    await story.bulk('enrol-user', 'user\na@c.com\n');
    const again = await story.bulk('home-user', await story.failedFile(run));
    expect(again.counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: 1 });
  });
});

describe('JSON lines of one command', () => {
  const ndjson = 'application/x-ndjson; charset=utf-8';

  test('have its body in each line', async () => {
    const file = lines(
      { policy: 'tag:a', enabled: true, ticket: 'CHG-1' },
      '',
      '  {"policy":"tag:b","enabled":null}\r',
    );
    const { events } = await story.bulk('create-policy', file, ndjson);
    expect(events.map(({ data, meta }) => [data['policy'], data['enabled'], meta.ticket])).toEqual([
      ['tag:a', true, 'CHG-1'],
      ['tag:b', false, null],
    ]);
  });

  test('that name a member twice say none of both', async () => {
    const file = lines('{"user":"a@c.com","user":"b@c.com"}', '{"user":"a@c.com","reason":"user","ticket":"user:"}');
    const { rows, counts, run } = await story.bulk('enrol-user', file, ndjson);
    expect(counts).toMatchObject({ done: 1, invalid: 1 });
    expect(rows).toMatchObject([{ line: 1, message: 'user is named twice in the line; name each member once' }]);
    expect((await story.failedFile(run)).toString()).toBe('{"user":"a@c.com","user":"b@c.com"}\n');
  });

  test('that are wrong are told by line and member, and the others go on', async () => {
    const { rows, counts } = await story.bulk(
      'create-policy',
      lines(
        { policy: 'tag:a' },
        '{"policy":',
        { policy: 'tag:b', colour: 'red' },
        { policy: 'tag:c', enabled: 'yes' },
        [1],
        { policy: 'tag:d', enabled: { $ne: 1 } },
        { policy: 'tag:e' },
      ),
      ndjson,
    );
    expect(counts).toEqual({ done: 2, unchanged: 0, refused: 0, invalid: 5 });
    expect(rows.map(({ line, column, value }) => [line, column, value])).toEqual([
      [2, null, null],
      [3, 'colour', 'red'],
      [4, 'enabled', 'yes'],
      [5, null, null],
      [6, null, null],
    ]);
    expect(rows.at(-1)?.message).toBe('enabled must be a string, a number, true or false, or a list of those');
  });

  test('that failed come back as lines that can be sent again', async () => {
    const file = lines({ user: 'a@c.com', pool: 'pool13.contoso.com' }, '{broken', { user: 'x y', pool: ['p'] });
    const { run } = await story.bulk('home-user', `\ufeff${file}`, ndjson);
    const failed = (await story.failedFile(run)).toString();
    expect(failed.split('\n')).toEqual([
      expect.stringMatching(/^\ufeff\{"user":"a@c.com","pool":"pool13.contoso.com","Error":"[^"]*not enrolled/),
      '{broken',
      expect.stringMatching(/^\{"user":"x y","pool":\["p"\],"Error":"user must be a SIP address.*; pool must be/),
      '',
    ]);
    await story.bulk('enrol-user', 'user\na@c.com\n');
    const again = await story.bulk('home-user', failed, ndjson);
    expect(again.counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: 2 });
    expect((await story.failedFile(again.run)).toString()).toBe(`\ufeff${failed.split('\n').slice(1).join('\n')}`);
  });

  test.each([
    ['nothing', '\n \n', /empty/],
    ['a CSV', 'policy\ntag:a\n', /does not begin with a JSON object in line 1/],
    ['a list', '[{"policy":"tag:a"}]', /JSON object in line 1/],
    ['NUL bytes', '{"policy":"tag:a"}\n\0', /NUL character in line 2/],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), /PNG/],
    ['no UTF-8', Buffer.from('{"a":1}\n{"b":"\xff"}', 'latin1'), /not UTF-8 in line 2/],
    ['a line without end', `{"policy":"${'a'.repeat(2 ** 21)}`, /more than 1048576 characters in line 1/],
  ])('of %s make no run', async (_, file, message) => {
    const before = (await story.events()).length;
    const error = await story.bulk('create-policy', file, ndjson).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadFile);
    expect((error as BadFile).errors[0]?.message).toMatch(message);
    expect(await story.events()).toHaveLength(before);
  });

  test('are for commands only', async () => {
    await expect(story.upload('{"SipAddress":"a@c.com"}', ndjson)).rejects.toBeInstanceOf(WrongMediaType);
  });

  test('survive any object', async () => {
    const deep = `{"policy":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const odd = [
      deep,
      '{"policy":"tag:y","__proto__":{"enabled":true},"toString":1}',
      '{"policy":"tag:y","toString":1,"hasOwnProperty":2}',
      '{}',
      '{"policy":"tag:\\ud800"}',
      '{"policy":"tag:a","\\udc00":1}',
      '{"policy":["tag:\\ud800"]}',
      '{"policy":"tag:a","enabled":1e999}',
    ];
    const { run, counts } = await story.bulk('create-policy', lines({ policy: 'tag:z' }, ...odd), ndjson);
    expect(counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: odd.length });
    expect((await story.failedFile(run)).toString().split('\n')[0]).toBe(deep);
  });

  test('survive half a pair of surrogates', async () => {
    const file = String.raw`{"policy":"\ud800"}` + '\n' + String.raw`{"\udc00":1}` + '\n{"policy":"tag:whole"}\n';
    const { rows, counts } = await story.bulk('create-policy', file, ndjson);
    expect(counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: 2 });
    expect(rows.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^policy must be well-formed Unicode/),
      expect.stringMatching(/^\ufffd must be well-formed Unicode/),
    ]);
  });
});

test('a command that counts behind a closed door is one row like any other', async () => {
  await story.bulk('create-policy', 'policy\ntag:free\ntag:idle\n');
  const { told, rows } = await story.bulk('remove-policy', 'policy\ntag:free\ntag:Traders\ntag:idle\ntag:unknown\n');
  expect(rows.map(({ line, refusals }) => [line, refusals.map(({ rule }) => rule)])).toEqual([
    [3, ['policy.granted']],
    [5, ['policy.unknown']],
  ]);
  expect(told.map((line) => line.split(' ')[0])).toEqual([
    'PolicyRemovalBegun',
    'PolicyRemoved',
    'CommandRefused',
    'PolicyRemovalBegun',
    'PolicyRemoved',
    'CommandRefused',
  ]);
});

test('the same file again changes nothing', async () => {
  const file = 'user,displayName\na@c.com,A\nb@c.com,B\n';
  await story.bulk('enrol-user', file);
  const { told, counts } = await story.bulk('enrol-user', file);
  expect([told, counts]).toEqual([[], { done: 0, unchanged: 2, refused: 0, invalid: 0 }]);
});
