import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { importsOf, type SourceFile, violations } from './architecture/boundaries.js';

const root = join(__dirname, '..');

function sources(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

const file = (path: string, ...lines: string[]): SourceFile => ({ path, text: lines.join('\n') });
/** The other libs that a fixture may name. */
const others = ['kernel', 'topology', 'homing', 'access', 'views', 'runs', 'event-log', 'event-log-sqlite'].map((lib) =>
  file(`libs/${lib}/src/index.ts`, 'export {};'),
);

describe('the walls of the house', () => {
  const house = [...sources('libs'), ...sources('apps')];

  it('sees the house', () => {
    expect(house.length).toBeGreaterThan(30);
    expect(house.flatMap((each) => importsOf(each))).toContain('#kernel');
  });

  it('are crossed nowhere', () => {
    expect(violations(house)).toEqual([]);
  });
});

describe('the check of the walls', () => {
  const rejected: readonly [string, string, string][] = [
    ['Nest in the kernel', 'libs/kernel/src/a.ts', `import { Injectable } from '@nestjs/common';`],
    ['Nest in a read model', 'libs/views/src/a.ts', `import { Injectable } from '@nestjs/common';`],
    ['I/O in the kernel', 'libs/kernel/src/a.ts', `import { readFile } from 'node:fs/promises';`],
    ['hashing in the kernel', 'libs/kernel/src/a.ts', `import { createHash } from 'node:crypto';`],
    ['an engine in the kernel', 'libs/kernel/src/a.ts', `import type { Database } from 'better-sqlite3';`],
    ['another lib in the kernel', 'libs/kernel/src/a.ts', `import { topology } from '#topology';`],
    ['hashing in a context that has no secrets', 'libs/topology/src/a.ts', `import { createHash } from 'node:crypto';`],
    ['I/O in access', 'libs/access/src/a.ts', `import { connect } from 'node:net';`],
    ['I/O under its old name', 'libs/homing/src/a.ts', `import { readFile } from 'fs/promises';`],
    ['a read model in a context', 'libs/homing/src/a.ts', `import { views } from '#views';`],
    ['runs in a context', 'libs/homing/src/a.ts', `export { runs } from '#runs';`],
    ['an engine in a context', 'libs/homing/src/a.ts', `export * from '#event-log-sqlite';`],
    ['an engine by dynamic import', 'libs/homing/src/a.ts', `const engine = await import('#event-log-sqlite');`],
    ['a type alone', 'libs/homing/src/a.ts', `import type { Views } from '#views';`],
    ['a type by import expression', 'libs/homing/src/a.ts', `type Views = import('#views').Views;`],
    ["another context's inside", 'libs/homing/src/a.ts', `import { pool } from '../../topology/src/pool.js';`],
    ["another context's inside, by name", 'libs/homing/src/a.ts', `import { pool } from '#topology/pool.js';`],
    [
      'another lib from a spec by path',
      'libs/homing/src/a.spec.ts',
      `import { pool } from '../../topology/src/pool.js';`,
    ],
    [
      'what is for specs, outside of one',
      'libs/homing/src/a.ts',
      `import { given } from '../../kernel/src/testing.js';`,
    ],
    ['an app from a lib', 'libs/views/src/a.ts', `import { main } from '#server/main';`],
    ['an app from a lib by path', 'libs/views/src/a.ts', `import { main } from '../../../apps/server/src/main.js';`],
    ['a lib from an app by path', 'apps/server/src/a.ts', `import { pool } from '../../../libs/topology/src/pool.js';`],
    ['an engine in the port', 'libs/event-log/src/a.ts', `import Database from 'better-sqlite3';`],
    ['a context in the port', 'libs/event-log/src/a.ts', `import { topology } from '#topology';`],
    ['its own front door', 'libs/homing/src/a.ts', `import { homing } from '#homing';`],
    ['a lib that is not there', 'libs/homing/src/a.ts', `import { x } from '#nowhere';`],
  ];

  it.each(rejected)('finds %s', (_, path, text) => {
    expect(violations([file(path, text), ...others])).toEqual([expect.stringContaining(path)]);
  });

  const accepted: readonly [string, string, string][] = [
    ['another context by its name', 'libs/homing/src/a.ts', `import { poolStream } from '#topology';`],
    ['hashing in access', 'libs/access/src/a.ts', `import { createHash } from 'node:crypto';`],
    ['a file of its own', 'libs/homing/src/a.ts', `import { user } from './user.js';`],
    [
      'what is for specs, in a spec',
      'libs/homing/src/a.spec.ts',
      `import { given } from '../../kernel/src/testing.js';`,
    ],
    ['an engine in a spec', 'libs/homing/src/a.spec.ts', `import { openSqliteLog } from '#event-log-sqlite';`],
    ['SQLite in a read model', 'libs/views/src/a.ts', `import Database from 'better-sqlite3';`],
    ['Nest in the server', 'apps/server/src/a.ts', `import { Module } from '@nestjs/common';`],
    [
      'a name in a comment or a string',
      'libs/kernel/src/a.ts',
      `// import '@nestjs/common'\nexport const text = "from 'node:fs'";`,
    ],
  ];

  it.each(accepted)('accepts %s', (_, path, text) => {
    expect(violations([file(path, text), ...others])).toEqual([]);
  });

  it('finds libs in a circle', () => {
    const circle = [
      file('libs/topology/src/a.ts', `import { homing } from '#homing';`),
      file('libs/homing/src/a.ts', `import { policy } from '#policy';`),
      file('libs/policy/src/a.ts', `import { topology } from '#topology';`),
    ];
    expect(violations(circle)).toEqual(['libs in a circle: topology -> homing -> policy -> topology']);
  });
});
