import { TestServer } from './server.js';

let server: TestServer;
let position: string;
beforeAll(async () => {
  server = await TestServer.start();
  await server.send('register-site', { site: 'Казань' });
  const { body } = await server.send('enrol-user', { user: 'vera@contoso.com', displayName: 'Вера' });
  position = body.position;
});
afterAll(() => server.dispose());

const fieldsOf = ({ body }: { body: any }) => body.errors?.map(({ field }: { field: string }) => field);

test('the diff since the beginning tells what is recorded now, for which positions, and for whom', async () => {
  const { status, headers, body } = await server.get(`/api/diff?from=@0&after=${position}`);
  expect({ status, from: body.from, to: body.to }).toEqual({ status: 200, from: '0', to: position });
  expect(headers.get('log-position')).toBe(position);
  expect(body.items).toEqual([
    { subject: 'site:Казань', change: 'added', fields: [{ field: 'site', before: null, after: 'Казань' }] },
    { subject: expect.stringMatching(/^token:/), change: 'added', fields: expect.any(Array) },
    {
      subject: 'user:sip:vera@contoso.com',
      change: 'added',
      fields: [
        { field: 'displayName', before: null, after: 'Вера' },
        { field: 'retired', before: null, after: false },
      ],
    },
  ]);
  expect(JSON.stringify(body)).not.toContain('secretHash');
  const later = await server.get(`/api/diff?from=@${position}`);
  expect(later.body).toMatchObject({ items: [], next: null, total: 0 });
});

test.each([
  ['', ['from']],
  ['?from=yesterday', ['from']],
  ['?from=@9&to=@1', ['from']],
  ['?from=@2&to=@1', ['from']],
  ['?from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z', ['from']],
  ['?from=@0&to=2199-01-01T00:00:00Z', ['to']],
  ['?from=@0&to=@1&asOf=@1', ['to']],
  ['?from=@0&cursor=nonsense', ['cursor']],
  ['?from=@0&from=@1', ['from']],
  ['?from=@0&subject=estate', ['subject']],
])('/api/diff%s is a 400 that names %j', async (query, fields) => {
  const answer = await server.get(`/api/diff${query}`);
  expect({ status: answer.status, fields: fieldsOf(answer) }).toEqual({ status: 400, fields });
});
