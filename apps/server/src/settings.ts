import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { type Environment, readEnvFile } from './env-file.js';
import { makeFolder } from './make-folder.js';
import type { TimeOfDay } from './projections/self-check.js';
import { WrongSetting } from './wrong-setting.js';

export { WrongSetting };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** A connection string of KurrentDB's client; it may hold a password. */
export type KurrentAddress = `kurrentdb://${string}` | `kurrentdb+discover://${string}`;

export interface Settings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absolute; exists and can be written. */
  readonly dataDir: string;
  readonly eventLog: 'sqlite' | KurrentAddress;
  /** Undefined: one is made and printed. */
  readonly firstToken: string | undefined;
  /** The same on every node behind one address: 32 bytes. Undefined: each has its own. */
  readonly sessionKey: Buffer | undefined;
  readonly logLevel: (typeof logLevels)[number];
  /** When the views are compared with the log every day; undefined: never. */
  readonly selfCheck: TimeOfDay | undefined;
  /** How long a plan may be applied. */
  readonly planHours: number;
}

const names = [
  'HOMEWARD_HOST',
  'HOMEWARD_PORT',
  'HOMEWARD_DATA_DIR',
  'HOMEWARD_EVENT_LOG',
  'HOMEWARD_FIRST_TOKEN',
  'HOMEWARD_SESSION_KEY',
  'HOMEWARD_LOG_LEVEL',
  'HOMEWARD_SELF_CHECK',
  'HOMEWARD_PLAN_HOURS',
] as const;
type SettingName = (typeof names)[number];
const strangersMax = 10;
/** A year. */
const planHoursMax = 8784;

/** The settings of the environment, over those of `.env` in the working directory. An empty one counts as not set. */
export function readSettings(environment: Environment, envFile = '.env'): Settings {
  const text = settingsOf(environment, envFile);
  return {
    host: hostOf(text('HOMEWARD_HOST', '127.0.0.1')),
    port: portOf(text('HOMEWARD_PORT', '4680')),
    eventLog: eventLogOf(text('HOMEWARD_EVENT_LOG', 'sqlite')),
    firstToken: firstTokenOf(text('HOMEWARD_FIRST_TOKEN', '')),
    sessionKey: sessionKeyOf(text('HOMEWARD_SESSION_KEY', '')),
    logLevel: logLevelOf(text('HOMEWARD_LOG_LEVEL', 'info')),
    selfCheck: selfCheckOf(text('HOMEWARD_SELF_CHECK', 'off')),
    planHours: planHoursOf(text('HOMEWARD_PLAN_HOURS', '24')),
    dataDir: makeDataDir(resolve(text('HOMEWARD_DATA_DIR', './data'))),
  };
}

/** What looks like a setting and is none: a line for each, the first few. Never its value. */
export function unknownSettings(environment: Environment, envFile = '.env'): readonly string[] {
  const given = new Set([...Object.keys(environment), ...Object.keys(readEnvFile(envFile))]);
  return Array.from(given)
    .filter((name) => name.startsWith('HOMEWARD_') && !names.some((known) => known === name))
    .slice(0, strangersMax)
    .map((name) => `${name.slice(0, 100)} is no setting and counts for nothing; there are ${names.join(', ')}`);
}

/** Only where the events are: what a backup and a restore need. The folder is not made. */
export function readStorageSettings(
  environment: Environment,
  envFile = '.env',
): { readonly eventLog: 'sqlite' | 'kurrentdb'; readonly dataDir: string } {
  const text = settingsOf(environment, envFile);
  if (eventLogOf(text('HOMEWARD_EVENT_LOG', 'sqlite')) !== 'sqlite') return { eventLog: 'kurrentdb', dataDir: '' };
  return { eventLog: 'sqlite', dataDir: resolve(text('HOMEWARD_DATA_DIR', './data')) };
}

function settingsOf(environment: Environment, envFile: string): (name: SettingName, fallback: string) => string {
  const fromFile = readEnvFile(envFile);
  return (name, fallback) => environment[name] || fromFile[name] || fallback;
}

function hostOf(text: string): string {
  if (/^[0-9a-z_.:%-]{1,253}$/i.test(text)) return text;
  throw new WrongSetting(
    'HOMEWARD_HOST must be an IP address or a host name of this machine, such as 127.0.0.1 or 0.0.0.0',
  );
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new WrongSetting('HOMEWARD_PORT must be a port number from 1 to 65535, such as 4680 (0: any free one)');
}

function eventLogOf(text: string): Settings['eventLog'] {
  if (text === 'sqlite') return text;
  if (isKurrentAddress(text)) return text;
  throw new WrongSetting(
    'HOMEWARD_EVENT_LOG must be sqlite, or kurrentdb://[user:password@]host:port[,host:port …][?tls=false], or kurrentdb+discover://[user:password@]name:port',
  );
}

/** Whether a text names a KurrentDB: what its options are is the engine's to say. */
export function isKurrentAddress(text: string): text is KurrentAddress {
  return /^kurrentdb(\+discover)?:\/\/([^\s@/?]+@)?[\w.-]+(:\d{1,5})?(,[\w.-]+(:\d{1,5})?)*\/?(\?\S*)?$/.test(text);
}

function sessionKeyOf(text: string): Buffer | undefined {
  if (text === '') return undefined;
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  throw new WrongSetting('HOMEWARD_SESSION_KEY must be 64 hexadecimal digits, such as openssl rand -hex 32 makes');
}

function firstTokenOf(text: string): string | undefined {
  if (text === '') return undefined;
  if (/^[\x21-\x7e]{32,256}$/.test(text)) return text;
  throw new WrongSetting('HOMEWARD_FIRST_TOKEN must have 32 to 256 printable ASCII characters without spaces');
}

function logLevelOf(text: string): Settings['logLevel'] {
  const level = logLevels.find((each) => each === text);
  if (level) return level;
  throw new WrongSetting(`HOMEWARD_LOG_LEVEL must be one of ${logLevels.join(', ')}`);
}

function planHoursOf(text: string): number {
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (hours >= 1 && hours <= planHoursMax) return hours;
  throw new WrongSetting(`HOMEWARD_PLAN_HOURS must be a whole number of hours from 1 to ${planHoursMax}, such as 24`);
}

function selfCheckOf(text: string): TimeOfDay | undefined {
  if (text === 'off') return undefined;
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour !== undefined && minute !== undefined) return { hour: Number(hour), minute: Number(minute) };
  throw new WrongSetting('HOMEWARD_SELF_CHECK must be off or a time of day on this machine, such as 03:00');
}

/** @throws {WrongSetting} where there is no such folder, or none can be made, that may be written. */
export function makeDataDir(folder: string): string {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongSetting(`HOMEWARD_DATA_DIR must be a folder that this user may write to (${code})`);
  }
}
