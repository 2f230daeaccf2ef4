import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, unknownSettings, WrongSetting } from './settings.js';

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
    sessionKey: undefined,
    logLevel: 'info',
    selfCheck: undefined,
    planHours: 24,
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
  'kurrentdb://localhost:2113?tls=false',
  'kurrentdb://homeward:secret@kdb1:2113,kdb2:2113,kdb3:2113?tlsCaFile=/certs/ca/ca.crt',
  'kurrentdb+discover://homeward:secret@kdb.contoso.com:2113',
])('given %s, it is the log', (address) => {
  expect(read({ HOMEWARD_EVENT_LOG: address }).eventLog).toBe(address);
});

test.each([
  ['HOMEWARD_PORT', 'http'],
  ['HOMEWARD_PORT', '65536'],
  ['HOMEWARD_PORT', '-1'],
  ['HOMEWARD_HOST', 'http://localhost'],
  ['HOMEWARD_EVENT_LOG', 'kurrentdb://admin:changeit@'],
  ['HOMEWARD_EVENT_LOG', 'postgres://admin:changeit@localhost'],
  ['HOMEWARD_EVENT_LOG', 'kurrentdb://one,two three'],
  ['HOMEWARD_SESSION_KEY', 'secret'],
  ['HOMEWARD_FIRST_TOKEN', 'short'],
  ['HOMEWARD_FIRST_TOKEN', 'x'.repeat(257)],
  ['HOMEWARD_LOG_LEVEL', 'loud'],
  ['HOMEWARD_SELF_CHECK', '3am'],
  ['HOMEWARD_SELF_CHECK', '24:00'],
  ['HOMEWARD_PLAN_HOURS', '0'],
  ['HOMEWARD_PLAN_HOURS', '1.5'],
  ['HOMEWARD_PLAN_HOURS', '9000'],
  ['HOMEWARD_DATA_DIR', '/dev/null/data'],
  ['HOMEWARD_DATA_DIR', '/proc/homeward/data'],
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

test('given a data folder that is some levels deep, it is made', () => {
  expect(read({ HOMEWARD_DATA_DIR: join(folder, 'a', 'b', 'c') }).dataDir).toBe(join(folder, 'a', 'b', 'c'));
});

test.each([
  '\ufeffHOMEWARD_PORT=5000\r\n# a comment\r\n\r\nOTHER=1\r\n',
  'export HOMEWARD_PORT = 5000',
  'OTHER="two\nlines = no setting\nand one"\nHOMEWARD_PORT=5000 # why',
  "OTHER=it's\nHOMEWARD_PORT=5000",
  "OTHER='open\nHOMEWARD_PORT=5000",
])('given a .env of %j, it is understood', (envFile) => {
  expect(read({}, envFile).port).toBe(5000);
});

test.each([
  ['HOMEWARD_PORT 5000', 1],
  ['# fine\nHOMEWARD_PORT=5000\nHOMEWARD_PORT: 5001', 3],
  ['A="x\ny"\n=1', 3],
  ['1A=1', 1],
  ['\u0000H\u0000O\u0000', 1],
])('given a .env of %j, the start says which line says nothing, in one line', (envFile, line) => {
  expect(() => read({}, envFile)).toThrow(
    new RegExp(`^\\S+ must have NAME=value lines[^\\n]+: line ${line} is neither$`),
  );
});

test('names that are no settings are told, the first few, never their values', () => {
  const file = join(folder, '.env');
  writeFileSync(file, 'HOMEWARD_PROT=5000\nOTHER=1\n');
  const strangers = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`HOMEWARD_X${n}`, 'secret']));
  expect(unknownSettings({ HOMEWARD_PORT: '1' }, file)).toEqual([
    expect.stringMatching(/^HOMEWARD_PROT is no setting and counts for nothing; there are HOMEWARD_HOST, /),
  ]);
  const told = unknownSettings(strangers, file);
  expect(told).toHaveLength(10);
  expect(told.join()).not.toContain('secret');
});
