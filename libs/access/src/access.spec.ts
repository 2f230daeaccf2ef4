import { write } from '#kernel';
import { given } from '../../kernel/src/testing.js';
import { denialStream } from './denial.js';
import { access, authenticates, firstToken, tokenIdOf, tokenStream } from './index.js';
import { issueTokenCommand } from './issue-token.js';
import { revokeTokenCommand } from './revoke-token.js';
import { hashOf } from './secret.js';

const now = '2013-05-03T12:00:00.000Z';
const secret = 'hw_a-secret-of-the-story';
const token = tokenIdOf(secret);
const wanted = { name: 'Migration team', roles: ['approver', 'operator'], expiresAt: '2013-06-01T02:00:00+02:00' };

describe('IssueToken', () => {
  test('keeps the hash and tells the secret once', async () => {
    const { events, streams, reply } = await given().when(issueTokenCommand, wanted);
    const { name } = wanted;
    const rest = { roles: ['operator', 'approver'], expiresAt: '2013-06-01T00:00:00.000Z', secretHash: hashOf(secret) };
    expect(events).toEqual([{ type: 'TokenIssued', data: { token, name, ...rest } }]);
    expect(streams).toEqual([`token-${token}`]);
    expect(reply).toEqual({ kept: { token }, once: { secret } });
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test('without an expiry it never expires', async () => {
    const { events } = await given().when(issueTokenCommand, { name: 'CI', roles: ['auditor'] });
    expect(events[0]?.data).toMatchObject({ expiresAt: null });
  });

  test('only an admin issues and revokes', () => {
    expect(access.commands.map(({ role }) => role)).toEqual(['admin', 'admin']);
  });
});

describe('RevokeToken', () => {
  test('is done, then unchanged', async () => {
    const story = given();
    await story.when(issueTokenCommand, wanted);
    const revoke = () => story.when(revokeTokenCommand, { token: token.toUpperCase() });
    expect((await revoke()).events).toEqual([{ type: 'TokenRevoked', data: { token } }]);
    expect((await revoke()).outcome).toBe('unchanged');
  });

  test('of an unknown one: access.unknown-token', async () => {
    expect((await given().when(revokeTokenCommand, { token: 'nobody' })).rules).toEqual(['access.unknown-token']);
  });

  test('with a secret in the place of the id means its token, and the secret is nowhere', async () => {
    const long = 'a first token that an operator has set';
    const refused = await given().when(revokeTokenCommand, { token: long });
    expect(refused.rules).toEqual(['access.unknown-token']);
    expect(JSON.stringify(refused)).not.toContain(long);
    const { events } = await given(firstToken(long)).when(revokeTokenCommand, { token: long });
    expect(events).toEqual([{ type: 'TokenRevoked', data: { token: tokenIdOf(long) } }]);
  });
});

describe('signing in', () => {
  const issued = async () => {
    const story = given();
    await story.when(issueTokenCommand, wanted);
    return story;
  };

  test('with the secret, until it expires or is revoked', async () => {
    const story = await issued();
    const state = () => story.state(tokenStream(token));
    expect(authenticates(state(), secret, now)).toBe('ok');
    expect(authenticates(state(), secret, '2013-05-31T23:59:59.999Z')).toBe('ok');
    expect(authenticates(state(), secret, '2013-06-01T00:00:00.000Z')).toBe('expired');
    await story.when(revokeTokenCommand, { token });
    expect(authenticates(state(), secret, now)).toBe('revoked');
  });

  test('with anything else it is unknown, also once revoked', async () => {
    const story = await issued();
    await story.when(revokeTokenCommand, { token });
    expect(authenticates(story.state(tokenStream(token)), `${secret}x`, now)).toBe('unknown');
    expect(authenticates(null, secret, now)).toBe('unknown');
  });

  test('with the first token, which has every role', () => {
    const first = 'f'.repeat(32);
    const story = given(firstToken(first));
    const state = story.state(tokenStream(tokenIdOf(first)));
    expect(authenticates(state, first, now)).toBe('ok');
    expect(state?.roles).toEqual(['operator', 'approver', 'auditor', 'admin']);
  });
});

test('an id tells nothing of the kept hash', () => {
  expect(token).toMatch(/^[0-9a-f]{20}$/);
  expect(hashOf(secret)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(secret)).not.toContain(token);
});

test('denials speak for themselves', () => {
  const { SignInRefused, CommandDenied } = access.events;
  expect(SignInRefused?.say({ why: 'expired', token })).toBe(`a sign-in was refused: the token ${token} has expired`);
  expect(SignInRefused?.say({ why: 'unknown', token: null })).toBe('a sign-in was refused: the token is unknown');
  const denied = { command: 'WaiveGate', fields: null, subjects: ['pool:ocs01.contoso.com'], needed: ['approver'] };
  expect(CommandDenied?.say(denied)).toBe('WaiveGate was denied: it takes the role approver');
  expect(CommandDenied?.subjects(denied)).toEqual(['pool:ocs01.contoso.com']);
  expect(write(denialStream('D-1')).stream.name).toBe('denial-d-1');
});
