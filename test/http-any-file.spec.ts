import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

const deployment = 'chat13.contoso.com';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  await server.send('register-site', { site: 'Redmond' });
  await server.send('register-pool', { pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' });
  await server.send('register-deployment', { deployment, generation: 'lync-2013', homedOn: 'pool13.contoso.com' });
});
afterAll(async () => {
  expect(server.output).not.toMatch(/"level":"(error|fatal)"/);
  await server.dispose();
});

/** mulberry32 */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// What readers of CSV and JSON stumble over.
const scraps = [
  ...[
    '"',
    '""',
    ',',
    ';',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '\\',
    '\0',
    '\u2028',
    '\ufeff',
    '\ud83d\ude00',
    'Ж',
    ' ',
    'a',
    'True',
  ],
  ...[
    '{"user":"a@c.com"}\n',
    '{',
    '}',
    '[',
    ']',
    '{"user":',
    '{"__proto__":{"user":1}}\n',
    'null\n',
    '{"user":"\\ud800"}\n',
  ],
  ...['sip:a@contoso.com', 'A\\B\\C', 'x'.repeat(5000), '='.repeat(300), '"a\nb"', 'Error', 'user', 'Room'],
];
const encodings = ['utf8', 'utf16le', 'latin1'] as const;
const starts = [[], [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff], [0x50, 0x4b, 3, 4], [0x1f, 0x8b]];

function anyFile(random: () => number, header: string): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  if (random() < 0.2) return Buffer.from(Array.from({ length: random() * 3000 }, () => Math.floor(random() * 256)));
  const text = Array.from({ length: 1 + random() * 40 }, () => pick(scraps)).join('');
  const start = random() < 0.7 ? header : '';
  return Buffer.concat([Buffer.from(random() < 0.8 ? [] : pick(starts)), Buffer.from(start + text, pick(encodings))]);
}

test.each([
  ['/api/bulk/enrol-user', 'user,displayName\n'],
  ['/api/bulk/register-site', '\ufeffsite\treason\n'],
  ['/api/bulk/remove-policy', '{"policy":"tag:a"}\n'],
  ['/api/imports/users', '#TYPE x\r\nSipAddress;DisplayName\r\n'],
  [`/api/imports/content?deployment=${deployment}`, 'CategoryPath,Room,Disabled\n'],
])(
  'whatever bytes are sent to %s, they become a run that comes to its end, or a problem document',
  async (path, header) => {
    const random = randomNumbers(path.length);
    const locations: string[] = [];
    const statuses = new Set<number>();
    for (let n = 0; n < 150; n++) {
      const type = random() < 0.6 ? 'text/csv' : 'application/x-ndjson';
      const body = anyFile(random, header);
      const answer = await server.request(path, { method: 'POST', body, headers: { 'content-type': type } });
      statuses.add(answer.status);
      if (answer.status === 202) locations.push(answer.headers.get('location') ?? '');
      else if (answer.status === 503) await sleep(200);
      else expectProblem(answer, answer.status === 415 ? 415 : 400);
    }
    expect([...statuses]).toEqual(expect.arrayContaining([202, 400]));
    for (const location of locations) {
      await over(location);
      const failed = await server.get(`${location}/failed.csv`);
      expect(failed.status).toBe(200);
      expect((await server.get(`${location}/rows?limit=500`)).status).toBe(200);
    }
  },
);

async function over(location: string): Promise<void> {
  for (let waited = 0; waited < 400; waited++) {
    if ((await server.get(location)).body?.state === 'done') return;
    await sleep(25);
  }
  throw new Error(
    `${location} does not come to its end: ${(await server.get(location)).text} ${server.output.slice(-3000)}`,
  );
}
