import { PlanStory, sender } from './testing.js';

const pool = 'pool13.contoso.com';
let story: PlanStory;
beforeEach(async () => {
  story = await PlanStory.begin();
});
afterEach(() => story.end());

describe('a plan', () => {
  it('tells what a command would do for each user, and appends none of it', async () => {
    await story.enrol('alice', 'bob', 'carol', 'dave');
    await story.send('HomeUser', { user: 'sip:bob@contoso.com', pool });
    const plan = await story.forUsers('HomeUser', { pool });
    expect(plan).toMatchObject({
      kind: 'home-user',
      source: { command: 'HomeUser', fields: { pool }, for: { users: { pool: 'x' } } },
      counts: { done: 3, unchanged: 1, refused: 0, invalid: 0 },
      reasons: [],
      events: { UserHomed: 3 },
      expiresAt: '2013-05-04T12:00:00.000Z',
    });
    expect(await story.rows(plan.plan)).toMatchObject([
      {
        row: 1,
        outcome: 'done',
        commands: ['HomeUser'],
        subject: 'user:sip:alice@contoso.com',
        events: [{ type: 'UserHomed', data: { user: 'sip:alice@contoso.com', from: 'lync10.contoso.com', to: pool } }],
      },
      { row: 2, outcome: 'unchanged' },
      { row: 3, outcome: 'done' },
      { row: 4, outcome: 'done' },
    ]);
    const types = (await story.events()).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['RowsPlanned', 'PlanMade']);
    expect(types.filter((type) => type === 'UserHomed')).toHaveLength(5);
  });

  it('counts the rules that refuse, the most frequent first', async () => {
    await story.enrol('alice', 'bob');
    await story.send('RetireUser', { user: 'sip:bob@contoso.com' });
    await story.send('SealPool', { pool });
    const plan = await story.forUsers('HomeUser', { pool });
    expect(plan.counts).toEqual({ done: 0, unchanged: 0, refused: 2, invalid: 0 });
    expect(plan.reasons).toEqual([
      { rule: 'homing.pool-sealed', count: 2 },
      { rule: 'homing.user-retired', count: 1 },
    ]);
    const [alice, bob] = await story.rows(plan.plan);
    expect(alice).toMatchObject({ outcome: 'refused', column: 'pool', value: pool });
    expect(bob).toMatchObject({ outcome: 'refused', message: expect.stringContaining('retired') });
    const types = (await story.events()).map(({ type }) => type);
    expect(types).not.toContain('CommandRefused');
  });

  it('of a file names the line, column and value of what is wrong', async () => {
    await story.enrol('alice');
    const plan = await story.forFile(
      'home-user',
      `pool,user\n${pool},alice@contoso.com\nnowhere,alice@contoso.com\n${pool}\n`,
    );
    expect(plan).toMatchObject({
      counts: { done: 1, unchanged: 0, refused: 0, invalid: 2 },
      columns: ['pool', 'user'],
    });
    expect(await story.rows(plan.plan)).toMatchObject([
      { line: 2, cells: [pool, 'alice@contoso.com'] },
      { line: 3, outcome: 'invalid', column: 'pool', value: 'nowhere', message: expect.stringMatching(/must be/) },
      { line: 4, outcome: 'invalid', message: expect.stringMatching(/fields/) },
    ]);
  });

  it('decides later rows on what earlier rows would have changed', async () => {
    await story.enrol('alice');
    const plan = await story.forFile(
      'home-user',
      `user,pool\nalice@contoso.com,${pool}\nalice@contoso.com,${pool}\nalice@contoso.com,ocs01.contoso.com\n`,
    );
    expect((await story.rows(plan.plan)).map(({ outcome, events }) => [outcome, events?.[0]?.data])).toMatchObject([
      ['done', { from: 'lync10.contoso.com', to: pool }],
      ['unchanged', undefined],
      ['done', { from: pool, to: 'ocs01.contoso.com' }],
    ]);
  });

  it('decides later rows so, however much lies between them', async () => {
    await story.enrol('alice', 'bob');
    const others = Array.from({ length: 4500 }, (_, n) => `new${n}@contoso.com,,${pool}`);
    const rows = [
      `alice@contoso.com,Alice,${pool}`,
      'bob@contoso.com,,lync10.contoso.com',
      ...others,
      'alice@contoso.com,Alice,ocs01.contoso.com',
      'bob@contoso.com,,lync10.contoso.com',
      'new0@contoso.com,,ocs01.contoso.com',
      'alice@contoso.com,Alicia,',
    ];
    const plan = await story.forFile('enrol-user', `user,displayName,pool\n${rows.join('\n')}\n`);
    const all = await story.rows(plan.plan);
    expect(all.slice(-4).map(({ outcome, events }) => [outcome, events?.map(({ data }) => data)])).toMatchObject([
      ['done', [{ from: pool, to: 'ocs01.contoso.com' }]],
      ['unchanged', undefined],
      ['done', [{ from: pool, to: 'ocs01.contoso.com' }]],
      ['done', [{ displayName: 'Alicia' }]],
    ]);
    expect(all.filter(({ into }) => into === undefined).map(({ row }) => row)).toEqual([2, 4503, 4504, 4505, 4506]);
  });

  it('keeps no row that is too long to be kept, and says so', async () => {
    const plan = await story.forFile('users', `SipAddress,HomeServer\nalice@contoso.com,${'x'.repeat(70_000)}\n`);
    const [row] = await story.rows(plan.plan);
    expect(row).toEqual({
      row: 1,
      line: 2,
      outcome: 'invalid',
      message: expect.stringContaining('at most 64000'),
      on: [],
    });
  });

  it.each([
    ['half a pair of surrogates', String.raw`{"user":"\ud800@contoso.com","pool":"x"}`, 'well-formed'],
    ['the same in a name', String.raw`{"\ud800":1}`, 'well-formed'],
    ['depth', `{"user":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'must be'],
    ['numbers that JSON cannot hold', '{"user":1e999,"pool":"x"}', 'too large'],
    ['no object', '{"user"', 'no JSON'],
  ])('of JSON lines takes %s for what it is', async (_, line, message) => {
    const { plan, counts } = await story.forFile('home-user', `${line}\n`, 'application/x-ndjson');
    expect(counts).toMatchObject({ done: 0, invalid: 1 });
    expect((await story.rows(plan))[0]?.message).toContain(message);
  });

  it('is given up where the server stops before it is made', async () => {
    story.users.push(...Array.from({ length: 20_000 }, (_, n) => `sip:nobody${n}@contoso.com`));
    const making = story.forUsers('HomeUser', { pool });
    story.plans.close(0);
    await expect(making).rejects.toMatchObject({ name: 'LogUnavailable' });
    expect((await story.events()).map(({ type }) => type)).not.toContain('PlanMade');
  });

  it('has a hash of its own for every content', async () => {
    await story.enrol('alice');
    const hashes = new Set<string>();
    for (const target of [pool, 'ocs01.contoso.com', pool])
      hashes.add((await story.forUsers('HomeUser', { pool: target })).hash);
    expect(hashes.size).toBe(3);
  });
});

describe('applying a plan', () => {
  it('runs the rows that were planned as done, and those only', async () => {
    await story.enrol('alice', 'bob', 'carol');
    await story.send('HomeUser', { user: 'sip:bob@contoso.com', pool });
    const run = await story.apply(await story.forUsers('HomeUser', { pool }));
    expect(await story.finished(run)).toMatchObject({
      kind: 'home-user',
      total: 2,
      counts: { done: 2, unchanged: 0, refused: 0, invalid: 0 },
    });
    expect(await story.done(run)).toEqual(['UserHomed sip:alice@contoso.com', 'UserHomed sip:carol@contoso.com']);
  });

  it('knows of rows that it does not do what the plan knew of them', async () => {
    const deployment = 'chat10.contoso.com';
    await story.send('RegisterDeployment', { deployment, generation: 'lync-2010', homedOn: 'lync10.contoso.com' });
    // The room makes the category, with what a later row says of it.
    const file = 'CategoryPath,Room,Invitations\nTrading,FX desk,\nTrading,,False\n';
    const plan = await story.forFile('content', file, 'text/csv', { deployment });
    expect((await story.find(plan.plan)).counts).toMatchObject({ done: 1, unchanged: 1 });
    const run = await story.apply(plan);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 1, refused: 0 } });
    expect(await story.done(run)).toEqual(['CategoryAdded Trading', 'RoomAdded FX desk']);
  });

  it('is not troubled by what happens elsewhere', async () => {
    await story.enrol('alice', 'bob');
    const plan = await story.forFile('home-user', `user,pool\nalice@contoso.com,${pool}\n`);
    await story.send('HomeUser', { user: 'sip:bob@contoso.com', pool });
    await story.send('RegisterSite', { site: 'Tacoma' });
    const run = await story.apply(plan);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 1 } });
  });

  it.each([1, 1001])('is refused where something it rests on has moved, and names it (%i users)', async (users) => {
    await story.enrol(...Array.from({ length: users }, (_, n) => `user${n}`));
    const plan = await story.forUsers('HomeUser', { pool });
    await story.send('EnrolUser', { user: 'sip:user0@contoso.com', displayName: 'Alice' });
    await story.send('SealPool', { pool });
    await expect(story.apply(plan)).rejects.toMatchObject({
      name: 'PlanStale',
      moved: { count: 2, subjects: expect.arrayContaining(['user:sip:user0@contoso.com', `pool:${pool}`]) },
    });
    expect((await story.find(plan.plan)).appliedBy).toBeNull();
  });

  it('is refused where something has moved while it was made, however many rows it has', async () => {
    await story.enrol(...Array.from({ length: 1001 }, (_, n) => `user${n}`));
    let chunks = 0;
    story.beforeAppend = async (records) => {
      if (!records.some(({ type }) => type === 'RowsPlanned') || ++chunks !== 2) return;
      await story.send('EnrolUser', { user: 'sip:user0@contoso.com', displayName: 'Alice' });
      await story.send('EnrolUser', { user: 'sip:somebody@contoso.com' });
    };
    const plan = await story.forUsers('HomeUser', { pool });
    expect(chunks).toBeGreaterThan(1);
    await expect(story.apply(plan)).rejects.toMatchObject({
      name: 'PlanStale',
      moved: { count: 1, subjects: ['user:sip:user0@contoso.com'] },
    });
  });

  it('is refused where a stream that was not there has come to be', async () => {
    const plan = await story.forFile('enrol-user', 'user\nalice@contoso.com\n');
    await story.send('EnrolUser', { user: 'sip:alice@contoso.com' });
    await expect(story.apply(plan)).rejects.toMatchObject({ name: 'PlanStale', moved: { count: 1 } });
  });

  describe('of content', () => {
    const deployment = 'chat13.contoso.com';
    const roomFile = `deployment,category,room\n${deployment},IT,Planned\n${deployment},IT,Taken\n`;
    beforeEach(async () => {
      await story.send('RegisterDeployment', { deployment, generation: 'lync-2013', homedOn: pool });
      await story.send('AddCategory', { deployment, category: 'IT' });
      await story.send('AddAddIn', { deployment, addIn: 'News', url: 'https://news.contoso.com/' });
      await story.send('AddRoom', { deployment, category: 'IT', room: 'Taken', privacy: 'open' });
    });

    it('is not troubled by other content of the same deployment', async () => {
      const bulk = await story.forFile('add-room', roomFile);
      const template = 'CategoryPath,Room\nIT,Imported\nIT,Taken\n';
      const imported = await story.forFile('content', template, 'text/csv', { deployment });
      await story.send('AddRoom', { deployment, category: 'IT', room: 'Other' });
      await story.send('AddCategory', { deployment, category: 'HR' });
      expect(await story.finished(await story.apply(bulk))).toMatchObject({ counts: { done: 1, refused: 0 } });
      expect(await story.finished(await story.apply(imported))).toMatchObject({ counts: { done: 1, refused: 0 } });
    });

    it.each([
      ['AddRoom', { category: 'IT', room: 'PLANNED' }, `room:${deployment}/PLANNED`],
      ['RemoveRoom', { room: 'Taken' }, `room:${deployment}/Taken`],
      ['ExcludeRoom', { room: 'Taken', reason: 'old' }, `room:${deployment}/Taken`],
    ])('is refused where %s has changed what a row is about, and names it alone', async (command, fields, subject) => {
      const plan = await story.forFile('add-room', roomFile);
      await story.send('AddRoom', { deployment, category: 'IT', room: 'Other' });
      await story.send(command, { deployment, ...fields });
      await expect(story.apply(plan)).rejects.toMatchObject({
        name: 'PlanStale',
        moved: { count: 1, subjects: [subject] },
      });
    });

    it('is refused where a row would record the same in the place of something else', async () => {
      const plan = await story.forFile('attach-add-in', `deployment,room,addIn\n${deployment},Taken,News\n`);
      await story.send('AddAddIn', { deployment, addIn: 'Old', url: 'https://old.contoso.com/' });
      await story.send('AttachAddIn', { deployment, room: 'Taken', addIn: 'Old' });
      await expect(story.apply(plan)).rejects.toMatchObject({ moved: { subjects: [`room:${deployment}/Taken`] } });
    });

    it('is refused where a row would come to something else, and names what it is because of', async () => {
      await story.send('AddCategory', { deployment, category: 'Empty' });
      const plan = await story.forFile('add-room', `deployment,category,room\n${deployment},Empty,Planned\n`);
      await story.send('AddRoom', { deployment, category: 'IT', room: 'Other' });
      await story.send('RemoveCategory', { deployment, category: 'Empty' });
      await expect(story.apply(plan)).rejects.toMatchObject({
        name: 'PlanStale',
        moved: { count: 1, subjects: [`category:${deployment}/Empty`] },
      });
      const removal = await story.forFile('remove-category', `deployment,category\n${deployment},IT\n`);
      expect(removal.counts).toMatchObject({ refused: 1 });
      await story.send('RemoveRoom', { deployment, room: 'Other' });
      await expect(story.apply(removal)).rejects.toMatchObject({ name: 'PlanStale' });
    });

    it('does every row that others leave alone while it runs, and none that they do not', async () => {
      const rooms = Array.from({ length: 600 }, (_, n) => `${deployment},IT,Room ${n}`);
      const plan = await story.forFile('add-room', `deployment,category,room\n${rooms.join('\n')}\n`);
      let batches = 0;
      story.beforeAppend = async (records) => {
        if (!records.some(({ type }) => type === 'RunAdvanced') || ++batches !== 2) return;
        await story.send('AddRoom', { deployment, category: 'IT', room: 'Other' });
        await story.send('AddRoom', { deployment, category: 'IT', room: 'Room 599' });
        await story.send('RemoveRoom', { deployment, room: 'Room 599' });
      };
      const run = await story.apply(plan);
      expect(await story.finished(run)).toMatchObject({ counts: { done: 599, refused: 1 } });
      const refused = (await story.events()).find(({ type }) => type === 'CommandRefused');
      expect(refused).toMatchObject({
        data: { refusals: [{ rule: 'plan.moved', moved: [`room:${deployment}/Room 599`] }] },
      });
    });
  });

  it('happens once', async () => {
    await story.enrol('alice');
    const plan = await story.forUsers('HomeUser', { pool });
    const run = await story.apply(plan);
    await expect(story.apply(plan)).rejects.toMatchObject({ name: 'PlanClosed', run });
    await story.finished(run);
    await expect(story.apply(plan)).rejects.toMatchObject({ name: 'PlanClosed', run });
  });

  it('by two people at once happens once', async () => {
    await story.enrol('alice', 'bob');
    const plan = await story.forUsers('HomeUser', { pool });
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => story.apply(plan)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(['PlanClosed', 'PlanStale']).toContain((answer.reason as Error).name);
    const applied = (await story.events()).filter(({ type }) => type === 'PlanApplied');
    const started = (await story.events()).filter(({ type }) => type === 'RunStarted');
    expect([applied, started]).toMatchObject([{ length: 1 }, { length: 1 }]);
  });

  it('with a key may be sent again, and gives the same run', async () => {
    await story.enrol('alice');
    const plan = await story.forUsers('HomeUser', { pool });
    const run = await story.apply(plan, 'once');
    expect(await story.apply(plan, 'once')).toBe(run);
    await expect(story.apply(plan, 'twice')).rejects.toMatchObject({ name: 'PlanClosed' });
  });

  it('with a key that came with anything else before is refused, whichever way it came', async () => {
    await story.enrol('alice', 'bob');
    const plan = await story.forUsers('HomeUser', { pool });
    const other = await story.forFile('home-user', `user,pool\nbob@contoso.com,${pool}\n`);
    await story.finished(await story.apply(plan, 'once', { reason: 'monday' }));
    for (const body of [{}, { reason: 'tuesday' }, { reason: 'monday', ticket: 'CHG-1' }])
      await expect(story.apply(plan, 'once', body)).rejects.toMatchObject({ name: 'KeyReused' });
    await expect(story.apply({ ...plan, hash: other.hash }, 'once', { reason: 'monday' })).rejects.toMatchObject({
      name: 'KeyReused',
    });
    await expect(story.apply(other, 'once', { reason: 'monday' })).rejects.toMatchObject({ name: 'KeyReused' });
    const upload = { body: [Buffer.from(`user,pool\nbob@contoso.com,${pool}\n`)] as never, contentType: 'text/csv' };
    await expect(story.runs.start('home-user', upload, sender, 'once')).rejects.toMatchObject({ name: 'KeyReused' });
    await story.runs.start('home-user', upload, sender, 'file');
    const fresh = await story.plans.again(await story.find(plan.plan), sender);
    await expect(story.apply(fresh, 'file')).rejects.toMatchObject({ name: 'KeyReused' });
  });

  it('needs the hash of this plan', async () => {
    await story.enrol('alice');
    const plan = await story.forUsers('HomeUser', { pool });
    const other = await story.forUsers('HomeUser', { pool: 'ocs01.contoso.com' });
    await expect(story.apply({ plan: plan.plan, hash: other.hash })).rejects.toMatchObject({
      name: 'PlanClosed',
      message: expect.stringContaining('hash'),
    });
  });

  it('is refused once it has expired', async () => {
    await story.enrol('alice');
    const plan = await story.forUsers('HomeUser', { pool });
    story.now += 24 * 3_600_000 - 1;
    await story.find(plan.plan);
    story.now += 1;
    await expect(story.apply(plan)).rejects.toMatchObject({
      name: 'PlanClosed',
      message: expect.stringContaining('expired'),
    });
  });

  it('of a plan that changes nothing is a run of no rows', async () => {
    await story.enrol('alice');
    const body = '{"user":"alice@contoso.com","pool":"lync10.contoso.com"}\n';
    const run = await story.apply(await story.forFile('home-user', body, 'application/x-ndjson'));
    expect(await story.finished(run)).toMatchObject({ total: 0 });
  });

  it('of JSON lines and of an import does what they would', async () => {
    const lines = '{"policy":"tag:New","enabled":true,"ticket":"CHG-1"}\n{"policy":"tag:Traders","enabled":false}\n';
    const plan = await story.forFile('create-policy', lines, 'application/x-ndjson');
    expect(plan.counts).toMatchObject({ done: 1, refused: 1 });
    const run = await story.apply(plan);
    await story.finished(run);
    const made = (await story.events()).findLast(({ type }) => type === 'PolicyCreated');
    expect(made).toMatchObject({ data: { policy: 'tag:New', enabled: true }, meta: { ticket: 'CHG-1' } });

    const users =
      'SipAddress,DisplayName,RegistrarPool,PersistentChatPolicy\nZoë@contoso.com,x,,\nbob@contoso.com,"Bob ""B"", Jr",pool13.contoso.com,Traders\n';
    const imported = await story.forFile('users', users);
    expect(imported).toMatchObject({
      counts: { done: 1, invalid: 1 },
      events: { UserEnrolled: 1, UserHomed: 1, PolicyGranted: 1 },
    });
    const [, bob] = await story.rows(imported.plan);
    expect(bob?.commands).toEqual(['EnrolUser', 'HomeUser', 'GrantPolicy']);
    const second = await story.apply(imported);
    await story.finished(second);
    expect(await story.done(second)).toEqual([
      'UserEnrolled sip:bob@contoso.com',
      'UserHomed sip:bob@contoso.com',
      'PolicyGranted sip:bob@contoso.com',
    ]);
  });
});

describe('a plan that is being applied', () => {
  it('is not made stale by its own rows', async () => {
    await story.send('RegisterDeployment', {
      deployment: 'chat13.contoso.com',
      generation: 'lync-2013',
      homedOn: pool,
    });
    await story.send('AddCategory', { deployment: 'chat13.contoso.com', category: 'IT' });
    const rooms = Array.from({ length: 600 }, (_, n) => `chat13.contoso.com,IT,Room ${n}`);
    const plan = await story.forFile('add-room', `deployment,category,room\n${rooms.join('\n')}\n`);
    expect(plan.counts.done).toBe(600);
    const run = await story.apply(plan);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 600, refused: 0 } });
  });

  it('does a user twice as it was planned', async () => {
    await story.enrol('alice');
    const others = Array.from({ length: 300 }, (_, n) => `other${n}@contoso.com,`);
    const rows = [`alice@contoso.com,${pool}`, ...others, 'alice@contoso.com,ocs01.contoso.com'];
    const plan = await story.forFile('enrol-user', `user,pool\n${rows.join('\n')}\n`);
    expect(plan.counts).toMatchObject({ done: 302 });
    const run = await story.apply(plan);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 302 } });
    const homed = (await story.events()).filter(({ type, meta }) => type === 'UserHomed' && meta.causationId === run);
    expect(homed.map(({ data }) => data['to'])).toEqual([pool, 'ocs01.contoso.com']);
  });

  it.each([1, 3])('does no row whose ground moves under it while batch %i is recorded, and says so', async (batch) => {
    await story.enrol(...Array.from({ length: 700 }, (_, n) => `user${n}`));
    const plan = await story.forUsers('HomeUser', { pool });
    const last = story.users.at(-1)!;
    let batches = 0;
    story.beforeAppend = async (records) => {
      if (records.some(({ type }) => type === 'RunAdvanced') && ++batches === batch)
        await story.send('EnrolUser', { user: last, displayName: 'Somebody' });
    };
    const run = await story.apply(plan);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 699, refused: 1 } });
    const refused = (await story.events()).find(({ type }) => type === 'CommandRefused');
    expect(refused).toMatchObject({
      data: { command: 'HomeUser', refusals: [{ rule: 'plan.moved', moved: [`user:${last}`] }] },
      meta: { causationId: run },
    });
  });

  describe('gives back what failed of a file', () => {
    /** Somebody changes this user while the first batch is recorded. */
    const changing = (user: string): void => {
      story.beforeAppend = async (records) => {
        if (!records.some(({ type }) => type === 'RunAdvanced')) return;
        story.beforeAppend = () => Promise.resolve();
        await story.send('EnrolUser', { user, displayName: 'Somebody' });
      };
    };
    const failedLines = async (run: string): Promise<readonly number[]> =>
      (await story.events())
        .filter(({ stream, type }) => stream === `run-${run}` && type === 'RunAdvanced')
        .flatMap(({ data }) => (data['rows'] as { readonly line: number }[]).map(({ line }) => line));

    it.each([
      ['UTF-8', '\n', ',', (text: string) => Buffer.from(text)],
      ['UTF-8 with its mark', '\r\n', ';', (text: string) => Buffer.from(`\ufeff${text}`)],
      ['UTF-16', '\r\n', '\t', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['UTF-8 with line ends of a Mac', '\r', ',', (text: string) => Buffer.from(text)],
    ])('as it was: %s, with all of its columns, naming its lines', async (_, newline, delimiter, encode) => {
      await story.enrol('alice', 'bob', 'carol', 'dave');
      await story.send('HomeUser', { user: 'sip:bob@contoso.com', pool });
      const line = (...fields: readonly string[]): string => fields.map((field) => `"${field}"`).join(delimiter);
      const typeLine = '#TYPE Deserialized.Microsoft.Rtc.Management.ADConnect.Schema.OCSADUser';
      const header = ['Name', 'RegistrarPool', 'SipAddress', 'Enabled'] as const;
      const carol = ['Carol', pool, 'sip:carol@contoso.com', ' True '] as const;
      const file = [
        typeLine,
        line(...header, 'Error'),
        line('Alice', pool, 'sip:alice@contoso.com', 'True', ''),
        line('Bob', pool, 'sip:bob@contoso.com', 'True', ''),
        '',
        line(`Dave${newline}the ""second""`, pool, 'sip:dave@contoso.com', 'False', ''),
        line(...carol, 'not so before'),
      ].join(newline);
      const plan = await story.forFile('users', encode(file));
      expect(plan.counts).toMatchObject({ done: 3, unchanged: 1 });
      changing('sip:carol@contoso.com');
      const run = await story.apply(await story.plans.again(await story.find(plan.plan), sender));
      expect(await story.finished(run)).toMatchObject({ counts: { done: 2, refused: 1 } });
      expect(await failedLines(run)).toEqual([8]);
      const why = 'user:sip:carol@contoso.com moved after the plan was made; make a fresh plan and look at it again';
      const failed = [typeLine, line(...header, 'Error'), line(...carol, why), ''].join(newline);
      expect(await story.failedFile(run)).toEqual(encode(failed));
    });

    describe('also of the rows that had failed in the plan', () => {
      const why = (message: string): unknown => expect.stringContaining(message);

      it.each([
        ['UTF-8', '\n', ',', (text: string) => Buffer.from(text), (bytes: Buffer) => bytes.toString()],
        [
          'UTF-16',
          '\r\n',
          '\t',
          (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'),
          (bytes: Buffer) => bytes.toString('utf16le').slice(1),
        ],
      ])('as they were, on their places among the others: %s', async (_, newline, delimiter, encode, decode) => {
        await story.enrol('alice', 'bob', 'carol');
        const line = (...fields: readonly string[]): string => fields.map((field) => `"${field}"`).join(delimiter);
        const file = [
          line('reason', 'user', 'pool', 'ticket'),
          line(' one', 'nobody@contoso.com', pool, 'CHG-1'),
          line('two', 'alice@contoso.com', pool, ''),
          line('three', 'bob@contoso.com', 'no pool', ''),
          line('four', 'carol@contoso.com', pool, ''),
          '',
          line('five', 'alice@contoso.com'),
          '',
        ].join(newline);
        const plan = await story.forFile('home-user', encode(file));
        expect(plan.counts).toEqual({ done: 2, unchanged: 0, refused: 1, invalid: 2 });
        changing('sip:carol@contoso.com');
        const run = await story.apply(plan);
        expect(await story.finished(run)).toMatchObject({ total: 2, counts: { done: 1, refused: 1, invalid: 0 } });
        const failed = decode(await story.failedFile(run)).split(newline);
        const told = failed.map((each) => each.slice(0, each.lastIndexOf(`"${delimiter}"`) + 1));
        expect(told).toEqual([
          line('reason', 'user', 'pool', 'ticket'),
          line(' one', 'nobody@contoso.com', pool, 'CHG-1'),
          line('three', 'bob@contoso.com', 'no pool', ''),
          line('four', 'carol@contoso.com', pool, ''),
          line('five', 'alice@contoso.com'),
          '',
        ]);
        expect(failed).toEqual([
          why('"Error"'),
          why('is not enrolled'),
          why('"pool must be'),
          why('moved after the plan was made'),
          why('fields where'),
          '',
        ]);
      });

      it('so that they are done when they are mended and sent back', async () => {
        await story.enrol('alice', 'bob');
        const plan = await story.forFile('home-user', `user,pool\nalice@contoso.com,nowhere\nbob@contoso.com\n`);
        const run = await story.apply(plan);
        expect(await story.finished(run)).toMatchObject({ total: 0 });
        const failed = (await story.failedFile(run)).toString();
        const mended = failed.replace('nowhere', pool).replace(/"the row has.*"/, `"${pool}","mended"`);
        const again = await story.forFile('home-user', mended);
        expect(again.counts).toEqual({ done: 2, unchanged: 0, refused: 0, invalid: 0 });
        const asItIs = await story.forFile('home-user', failed);
        expect(asItIs.counts).toEqual({ done: 0, unchanged: 0, refused: 0, invalid: 2 });
      });

      it('in a fresh plan too', async () => {
        await story.enrol('alice', 'bob');
        const file = `user,pool\nalice@contoso.com,${pool}\nbob@contoso.com\n`;
        const plan = await story.find((await story.forFile('home-user', file)).plan);
        const run = await story.apply(await story.plans.again(plan, sender));
        await story.finished(run);
        expect((await story.failedFile(run)).toString()).toMatch(
          /^"user","pool","Error"\n"bob@contoso.com","the row has 1 fields where the header has 2.*"\n$/,
        );
      });

      it('of JSON lines as the lines that they were, also where it had nothing to do', async () => {
        await story.enrol('alice');
        const lines = ['{"user":"alice@contoso.com","pool":"nowhere"}', '{"user":', '[1]'];
        const run = await story.apply(await story.forFile('home-user', lines.join('\n'), 'application/x-ndjson'));
        await story.finished(run);
        const { form } = (await story.runs.failedFile(run))!;
        expect(form).toBe('json-lines');
        const [first, ...others] = (await story.failedFile(run)).toString().split('\n');
        expect(JSON.parse(first!)).toEqual({ user: 'alice@contoso.com', pool: 'nowhere', Error: why('pool must be') });
        expect(others).toEqual([...lines.slice(1), '']);
      });

      it('of users that passed a filter before those that failed in the run', async () => {
        await story.enrol('alice', 'bob', 'carol');
        await story.send('RetireUser', { user: 'sip:bob@contoso.com' });
        const plan = await story.forUsers('HomeUser', { pool });
        changing('sip:alice@contoso.com');
        const run = await story.apply(plan);
        await story.finished(run);
        expect((await story.failedFile(run)).toString().split('\r\n')).toEqual([
          '"user","pool","Error"',
          why('"sip:bob@contoso.com"'),
          why('"sip:alice@contoso.com"'),
          '',
        ]);
      });

      it('with nothing but its line of one that was too long to be kept', async () => {
        const run = await story.apply(
          await story.forFile('users', `SipAddress,HomeServer\nalice@contoso.com,${'x'.repeat(70_000)}\n`),
        );
        await story.finished(run);
        expect((await story.failedFile(run)).toString()).toMatch(
          /^"SipAddress","HomeServer","Error"\n"","","line 2 of the file that was planned: the row has \d+ characters.*"\n$/,
        );
      });
    });

    it('as the lines that they were', async () => {
      await story.enrol('alice', 'bob', 'carol');
      await story.send('HomeUser', { user: 'sip:bob@contoso.com', pool });
      const rows = story.users.map((user) => JSON.stringify({ pool, reason: 'moving "house"', user }));
      const plan = await story.forFile('home-user', rows.join('\n\n'), 'application/x-ndjson');
      changing('sip:carol@contoso.com');
      const run = await story.apply(plan);
      expect(await story.finished(run)).toMatchObject({ counts: { done: 1, refused: 1 } });
      expect(await failedLines(run)).toEqual([5]);
      const { Error: why, ...fields } = JSON.parse((await story.failedFile(run)).toString()) as Record<string, unknown>;
      expect([fields, why]).toEqual([JSON.parse(rows[2]!), expect.stringContaining('moved after the plan was made')]);
    });
  });

  describe('takes a row as it was decided', () => {
    const certain = async (plan: string): Promise<readonly boolean[]> =>
      (await story.rows(plan)).map(({ into }) => into !== undefined);
    const lines = (names: readonly string[], target: string): readonly string[] =>
      names.map((name) => `${name}@contoso.com,${target}`);

    it('where it rests on nothing but what is recorded, without reading that again', async () => {
      await story.enrol(...Array.from({ length: 600 }, (_, n) => `user${n}`));
      const plan = await story.forUsers('HomeUser', { pool });
      expect((await certain(plan.plan)).every(Boolean)).toBe(true);
      await story.again();
      // Whether the plan is stale is asked before.
      story.beforeAppend = async (records) => {
        if (records.some(({ type }) => type === 'RunStarted')) story.reads.length = 0;
      };
      const run = await story.apply(plan);
      expect(await story.finished(run)).toMatchObject({ counts: { done: 600 } });
      expect(story.reads.filter((stream) => stream.startsWith('user-'))).toEqual([]);
      const homed = (await story.events()).filter(({ type, meta }) => type === 'UserHomed' && meta.causationId === run);
      expect(new Set(homed.map(({ meta }) => `${meta.commandId} ${meta.command}`)).size).toBe(600);
      expect(homed[0]).toMatchObject({ data: { from: 'lync10.contoso.com', to: pool }, meta: { command: 'HomeUser' } });
      await story.send('HomeUser', { user: story.users[0], pool: 'ocs01.contoso.com' });
      expect((await story.events()).at(-1)).toMatchObject({ data: { from: pool, to: 'ocs01.contoso.com' } });
    });

    it('not where it rests on a row before it, which may not have been done', async () => {
      const others = Array.from({ length: 300 }, (_, n) => `other${n}`);
      await story.enrol('alice', ...others);
      const rows = [...lines(['alice'], pool), ...lines([...others, 'alice'], 'ocs01.contoso.com')];
      const plan = await story.forFile('home-user', `user,pool\n${rows.join('\n')}\n`);
      expect(plan.counts.done).toBe(302);
      const all = await certain(plan.plan);
      expect([all.at(-1), all.filter((each) => !each)]).toEqual([false, [false]]);
      story.beforeAppend = async (records) => {
        if (!records.some(({ type }) => type === 'RunAdvanced')) return;
        story.beforeAppend = () => Promise.resolve();
        await story.send('SealPool', { pool });
      };
      const run = await story.apply(plan);
      expect(await story.finished(run)).toMatchObject({ counts: { done: 300, refused: 2 } });
      expect((await story.done(run)).filter((told) => told === 'UserHomed sip:alice@contoso.com')).toEqual([]);
    });

    it('not where it rests on more than streams', async () => {
      await story.send('CreatePolicy', { policy: 'tag:Old' });
      expect(await certain((await story.forFile('remove-policy', 'policy\ntag:Old\n')).plan)).toEqual([false]);
    });
  });

  it('may close doors on its way', async () => {
    await story.send('CreatePolicy', { policy: 'tag:Old' });
    const plan = await story.forFile('remove-policy', 'policy\ntag:Old\ntag:Nobody\ntag:Old\n');
    expect(plan).toMatchObject({ counts: { done: 1, refused: 2 }, events: { PolicyRemoved: 1 } });
    const run = await story.apply(plan);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 1 } });
    const types = (await story.events()).filter(({ meta }) => meta.causationId === run).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['PolicyRemovalBegun', 'PolicyRemoved']));
  });

  it('goes on after the process has ended, without doing a row twice', async () => {
    const names = Array.from({ length: 900 }, (_, n) => `user${n}`);
    await story.enrol(...names);
    const plan = await story.forUsers('HomeUser', { pool });
    const run = await story.apply(plan);
    await story.again();
    expect(await story.finished(run)).toMatchObject({ counts: { done: 900, refused: 0 } });
    const homed = (await story.done(run)).filter((told) => told.startsWith('UserHomed'));
    expect([homed.length, new Set(homed).size]).toEqual([900, 900]);
    await expect(story.apply(plan)).rejects.toMatchObject({ name: 'PlanClosed', run });
  });
});

describe('on another node of the log', () => {
  it('a plan is found and applied, and nowhere twice', async () => {
    await story.enrol('alice', 'bob');
    const { plan, hash } = await story.forUsers('HomeUser', { pool });
    const other = await story.otherNode();
    const third = await story.otherNode();
    const found = (await other.plans.find(plan, sender))!;
    expect(await third.plans.find(plan, sender)).toEqual(found);
    const { run } = await other.plans.apply(found, hash, sender);
    expect(await story.finished(run)).toMatchObject({ counts: { done: 2 } });
    const now = (await third.plans.find(plan, sender))!;
    await expect(third.plans.apply(now, hash, sender)).rejects.toMatchObject({ name: 'PlanClosed', run });
    await other.runs.close();
  });

  it('what was done there makes it stale here', async () => {
    await story.enrol('alice', 'bob');
    const first = await story.forUsers('HomeUser', { pool });
    const other = await story.otherNode();
    const second = await other.plans.forFile(
      'home-user',
      { body: [Buffer.from(`user,pool\nbob@contoso.com,${pool}\n`)] as never, contentType: 'text/csv' },
      sender,
    );
    await story.finished(
      (await other.plans.apply((await other.plans.find(second.plan, sender))!, second.hash, sender)).run,
    );
    await expect(story.apply(first)).rejects.toMatchObject({
      name: 'PlanStale',
      moved: { count: 1, subjects: ['user:sip:bob@contoso.com'] },
    });
    await other.runs.close();
  });
});

describe('a fresh plan', () => {
  it('is of whoever passes the filter by now', async () => {
    await story.enrol('alice');
    const plan = await story.find((await story.forUsers('HomeUser', { pool })).plan);
    await story.enrol('bob');
    const fresh = await story.plans.again(plan, sender);
    expect(fresh).toMatchObject({ counts: { done: 2 }, source: plan.source });
  });

  it('of a file is of the rows that it had', async () => {
    await story.enrol('alice');
    const file = `user,pool\nalice@contoso.com,${pool}\nalice@contoso.com\n`;
    const plan = await story.find((await story.forFile('home-user', file)).plan);
    await story.send('HomeUser', { user: 'sip:alice@contoso.com', pool });
    const fresh = await story.plans.again(plan, sender);
    expect(fresh).toMatchObject({ counts: { done: 0, unchanged: 1, invalid: 1 }, source: plan.source });
    expect((await story.rows(fresh.plan)).map(({ line }) => line)).toEqual([2, 3]);
  });
});
