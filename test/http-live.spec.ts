import { TestServer } from './server.js';
import { expectProblem } from './problem-matchers.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
});
afterAll(() => server.dispose());

interface Message {
  readonly id: string;
  readonly position: string;
  readonly subjects: readonly string[];
}

/** Follows `/api/live` until `enough` says so of what has come. */
async function follow(
  enough: (messages: readonly Message[]) => boolean,
  lastEventId?: string,
  token = TestServer.firstToken,
): Promise<Message[]> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error('nothing more came')), 10_000);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  const response = await fetch(`${server.url}/api/live`, { headers, signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const messages: Message[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id, data] = /^id: (\d+)\ndata: (.+)$/.exec(block) ?? [];
      if (id !== undefined && data !== undefined) messages.push({ id, ...(JSON.parse(data) as Omit<Message, 'id'>) });
    }
    if (enough(messages)) break;
  }
  clearTimeout(timer);
  stop.abort();
  return messages;
}

const tells = (subject: string) => (messages: readonly Message[]) =>
  messages.some(({ subjects }) => subjects.includes(subject));

test('tells what changed, with the position as its id', async () => {
  const following = follow(tells('site:Live'));
  await new Promise((done) => setTimeout(done, 200));
  const { body } = await server.send('register-site', { site: 'Live' });
  const messages = await following;
  const last = messages.at(-1);
  expect(last?.id).toBe(last?.position);
  expect(Number(last?.position)).toBeGreaterThanOrEqual(Number(body.position));
});

test('resumes after Last-Event-ID without gap or double', async () => {
  const { position } = (await server.send('register-site', { site: 'Before' })).body as { position: string };
  for (const site of ['Missed 1', 'Missed 2', 'Missed 3']) await server.send('register-site', { site });
  const following = follow(tells('site:After'), position);
  await new Promise((done) => setTimeout(done, 200));
  await server.send('register-site', { site: 'After' });
  const messages = await following;
  const subjects = messages.flatMap(({ subjects }) => subjects);
  expect(subjects.filter((subject) => subject.startsWith('site:'))).toEqual([
    'site:Missed 1',
    'site:Missed 2',
    'site:Missed 3',
    'site:After',
  ]);
  const ids = messages.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(ids[0]).toBeGreaterThan(Number(position));
});

test('what was denied is told to auditors alone, live and resumed', async () => {
  const operator = (await server.issueToken(['operator'])).secret;
  const auditor = (await server.issueToken(['auditor'])).secret;
  const { position } = (await server.send('register-site', { site: 'Mark' })).body as { position: string };
  const live = [auditor, operator].map((token) => follow(tells('site:Open'), undefined, token));
  await new Promise((done) => setTimeout(done, 200));
  expect((await server.send('register-site', { site: 'Secret' }, { token: auditor })).status).toBe(403);
  await server.send('register-site', { site: 'Open' });
  const resumed = [auditor, operator].map((token) => follow(tells('site:Open'), position, token));
  const seen = (await Promise.all([...live, ...resumed])).map((messages) => {
    const subjects = messages.flatMap((message) => message.subjects);
    expect(subjects.join('')).not.toMatch(/denied|\0/);
    return subjects.includes('site:Secret');
  });
  expect(seen).toEqual([true, false, true, false]);
});

test('a malformed Last-Event-ID, one to come or a parameter is a 400', async () => {
  expectProblem(await server.request('/api/live', { headers: { 'last-event-id': '999999999' } }), 400);
  expectProblem(await server.request('/api/live', { headers: { 'last-event-id': 'x' } }), 400);
  expectProblem(await server.get('/api/live?x=1'), 400);
});
