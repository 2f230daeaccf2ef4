import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export interface Settings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absolute; exists and can be written. */
  readonly dataDir: string;
  readonly eventLog: 'sqlite';
  /** Undefined: one is made and printed. */
  readonly firstToken: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
}

/** A setting that is wrong, in one line: which one, and what would be right. Never its value: it may be a secret. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of the environment, over those of `.env` in the working directory. An empty one counts as not set. */
export function readSettings(environment: Environment, envFile = '.env'): Settings {
  const text = settingsOf(environment, envFile);
  return {
    host: hostOf(text('HOMEWARD_HOST', '127.0.0.1')),
    port: portOf(text('HOMEWARD_PORT', '4680')),
    eventLog: eventLogOf(text('HOMEWARD_EVENT_LOG', 'sqlite')),
    firstToken: firstTokenOf(text('HOMEWARD_FIRST_TOKEN', '')),
    logLevel: logLevelOf(text('HOMEWARD_LOG_LEVEL', 'info')),
    dataDir: dataDirOf(text('HOMEWARD_DATA_DIR', './data')),
  };
}

/** Only where the events are: what a backup and a restore need. */
export function readStorageSettings(
  environment: Environment,
  envFile = '.env',
): { readonly eventLog: 'sqlite' | 'kurrentdb'; readonly dataDir: string } {
  const text = settingsOf(environment, envFile);
  const eventLog = text('HOMEWARD_EVENT_LOG', 'sqlite');
  if (/^kurrentdb(\+discover)?:\/\//.test(eventLog)) return { eventLog: 'kurrentdb', dataDir: '' };
  return { eventLog: eventLogOf(eventLog), dataDir: dataDirOf(text('HOMEWARD_DATA_DIR', './data')) };
}

function settingsOf(environment: Environment, envFile: string): (name: string, fallback: string) => string {
  const fromFile = readEnvFile(envFile);
  return (name, fallback) => environment[name] || fromFile[name] || fallback;
}

function readEnvFile(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new WrongSetting(
      `${file} cannot be read (${code}): it must be a text file of NAME=value lines, or not be there`,
    );
  }
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

function eventLogOf(text: string): 'sqlite' {
  if (text === 'sqlite') return text;
  throw new WrongSetting('HOMEWARD_EVENT_LOG must be sqlite, the event log that this version has');
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

function dataDirOf(text: string): string {
  const folder = resolve(text);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongSetting(`HOMEWARD_DATA_DIR must be a folder that this user may write to (${code})`);
  }
}
