import { expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
});
afterAll(() => server.dispose());

const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';

test.each(['/nope', '/users/a/b/c', '/users/%E0%A4%A', '/apinope'])(
  'a browser that goes to %s gets the console, which says that there is no such page',
  async (path) => {
    const answer = await server.request(path, { token: null, headers: { accept } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("style-src 'self' 'nonce-");
    expect(answer.headers.get('x-correlation-id')).not.toBeNull();
    expect(answer.text).toContain('<div id="console"');
  },
);

test.each(['/api', '/api/nope', '/docs/nope', '/health/nope', '/metrics/nope', '/assets/nope', '/problems/nope'])(
  'a browser that goes to %s gets the problem document, as everybody does',
  async (path) => {
    expectProblem(await server.request(path, { headers: { accept } }), 404);
  },
);

test('a malformed path of the API is told as such to a browser too', async () => {
  expectProblem(await server.request('/api/users/%E0%A4%A', { headers: { accept } }), 400);
});

test.each([
  ['GET', 'application/json'],
  ['GET', 'text/html;q=0, application/json'],
  ['POST', accept],
])('%s of nothing with Accept %s gets the problem document', async (method, accepted) => {
  expectProblem(await server.request('/nope', { method, headers: { accept: accepted } }), 404);
});
