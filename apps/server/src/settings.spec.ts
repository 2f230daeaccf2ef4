import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, WrongSetting } from './settings.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (environment: Record<string, string>, envFile?: string) => {
  const file = join(folder, '.env');
  if (envFile !== undefined) writeFileSync(file, envFile);
  return readSettings({ HOMEWARD_DATA_DIR: join(folder, 'data'), ...environment }, file);
};

test('given nothing, the defaults of the contract', () => {
  expect(read({})).toEqual({
    host: '127.0.0.1',
    port: 4680,
    dataDir: join(folder, 'data'),
    eventLog: 'sqlite',
    firstToken: undefined,
    logLevel: 'info',
  });
});

test('given both, the environment wins over .env', () => {
  const settings = read({ HOMEWARD_PORT: '5001' }, 'HOMEWARD_PORT=5000\nHOMEWARD_LOG_LEVEL="debug"\n');
  expect(settings).toMatchObject({ port: 5001, logLevel: 'debug' });
});

test('given an empty one, it counts as not set', () => {
  expect(read({ HOMEWARD_FIRST_TOKEN: '', HOMEWARD_PORT: '' })).toMatchObject({ port: 4680, firstToken: undefined });
});

test.each([
  ['HOMEWARD_PORT', 'http'],
  ['HOMEWARD_PORT', '65536'],
  ['HOMEWARD_PORT', '-1'],
  ['HOMEWARD_HOST', 'http://localhost'],
  ['HOMEWARD_EVENT_LOG', 'kurrentdb://admin:changeit@localhost'],
  ['HOMEWARD_FIRST_TOKEN', 'short'],
  ['HOMEWARD_FIRST_TOKEN', 'x'.repeat(257)],
  ['HOMEWARD_LOG_LEVEL', 'loud'],
  ['HOMEWARD_DATA_DIR', '/dev/null/data'],
])('given %s=%s, one line names it and says what would be right, without the value', (name, value) => {
  let message = '';
  try {
    read({ [name]: value });
  } catch (error) {
    expect(error).toBeInstanceOf(WrongSetting);
    ({ message } = error as Error);
  }
  expect(message).toMatch(new RegExp(`^${name} must .+$`));
  expect(message).not.toContain('\n');
  if (value.length > 5) expect(message).not.toContain(value);
});

test('given a folder in the place of .env, the start says so', () => {
  expect(() => readSettings({}, folder)).toThrow(WrongSetting);
});
