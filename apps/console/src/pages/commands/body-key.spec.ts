import { ProblemError, UnreachableError } from '../../api/problem.js';
import { BodyKey } from './body-key.js';

const homed = { user: 'paul.perry@contoso.com', pool: 'pool13.contoso.com' };
const elsewhere = { ...homed, pool: 'lync10.contoso.com' };

const problem = (kind: string, status: number): ProblemError =>
  new ProblemError({ type: `/problems/${kind}`, title: kind, status, detail: kind }, null, 0);

/** The key that each body was sent with; an error is what it is answered with. */
async function keysOf(...sent: readonly (readonly [body: object, error?: Error])[]): Promise<readonly string[]> {
  const bodyKey = new BodyKey();
  const keys: string[] = [];
  for (const [body, error] of sent) {
    const answer = bodyKey.send(body, (key) => {
      keys.push(key);
      return error ? Promise.reject(error) : Promise.resolve('done');
    });
    if (error) await expect(answer).rejects.toBe(error);
    else expect(await answer).toBe('done');
  }
  return keys;
}

it.each([
  ['no answer', new UnreachableError('lost')],
  ['no room for it', problem('unavailable', 503)],
  ['the answer that others were faster', problem('contended', 409)],
])('the same body after %s has its key again', async (_, error) => {
  const [first, again] = await keysOf([homed, error], [homed]);
  expect(again).toBe(first);
});

it.each([
  ['no answer', new UnreachableError('lost')],
  ['a recorded refusal', problem('refused', 422)],
  ['a conflict', problem('conflict', 409)],
  ['success', undefined],
])('another body after %s has a key of its own', async (_, error) => {
  const [first, other] = await keysOf(error ? [homed, error] : [homed], [elsewhere]);
  expect(other).not.toBe(first);
});

it('the same body is a new command once it was done, and once its refusal was recorded', async () => {
  const keys = await keysOf([homed], [homed, problem('refused', 422)], [homed]);
  expect(new Set(keys).size).toBe(3);
});
