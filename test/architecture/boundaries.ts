import { posix } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  /** From the checkout's root, with `/`: `libs/homing/src/home-user.ts` */
  readonly path: string;
  readonly text: string;
}

const contexts = ['topology', 'policy', 'homing', 'content', 'migration', 'decommission', 'access'];
const engines = /^(better-sqlite3|node:sqlite|@kurrent\/.*|#event-log-(sqlite|kurrentdb))$/;
const nest = /^@nestjs\//;
const io =
  /^(node:.*|assert|child_process|crypto|dns|fs|http|https|net|os|path|process|stream|timers|tls|worker_threads)(\/.*)?$/;

interface Boundary {
  readonly of: (lib: string) => boolean;
  readonly forbids: (imported: string, lib: string) => boolean;
  readonly because: string;
}

/** Who may not know whom. Specs may: they stand outside. */
const boundaries: readonly Boundary[] = [
  { of: () => true, forbids: (name) => nest.test(name), because: 'Nest stays at the rim, in apps/' },
  { of: () => true, forbids: (name) => name.startsWith('#server'), because: 'a lib never imports an app' },
  { of: (lib) => lib === 'kernel', forbids: (name) => name.startsWith('#'), because: 'the kernel knows no other lib' },
  { of: (lib) => lib === 'kernel', forbids: (name) => io.test(name), because: 'the kernel does no I/O' },
  {
    of: (lib) => lib === 'kernel' || contexts.includes(lib),
    forbids: (name) => engines.test(name),
    because: 'the domain knows no engine',
  },
  {
    of: (lib) => contexts.includes(lib),
    forbids: (name, lib) => io.test(name) && !(lib === 'access' && name === 'node:crypto'),
    because: 'a context does no I/O (access may hash)',
  },
  {
    of: (lib) => contexts.includes(lib),
    forbids: (name) => name === '#views' || name === '#runs',
    because: 'a context knows neither read models nor runs',
  },
  {
    of: (lib) => lib === 'event-log',
    forbids: (name) => engines.test(name) || (name.startsWith('#') && name !== '#kernel'),
    because: 'the port knows the kernel alone',
  },
];

/** Every import that crosses a wall, as one sentence each. */
export function violations(files: readonly SourceFile[]): string[] {
  const libs = new Set(files.map(({ path }) => libOf(path)).filter((lib) => lib !== undefined));
  const found = files.flatMap((file) =>
    importsOf(file).flatMap((name) =>
      reasons(file.path, name, libs).map((why) => `${file.path} imports ${name}: ${why}`),
    ),
  );
  return [...found, ...cycles(files).map((cycle) => `libs in a circle: ${cycle.join(' -> ')}`)];
}

/** What a file imports, exports from or requires, types included. */
export function importsOf({ text }: SourceFile): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function reasons(path: string, name: string, libs: ReadonlySet<string>): string[] {
  const lib = libOf(path);
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(path), name);
    const home = lib === undefined ? path.split('/').slice(0, 2).join('/') : `libs/${lib}`;
    return target.startsWith(`${home}/`) || (isSpec(path) && isForSpecs(target))
      ? []
      : ['a relative import stays in its own lib or app; others are imported as #name'];
  }
  if (/^#?libs\//.test(name) || /^#(?!server\/)[^/]+\//.test(name)) return ['nothing reaches past an index.ts'];
  if (lib === undefined) return [];
  if (name === `#${lib}` && !isSpec(path)) return ['a lib does not import itself through its own front door'];
  if (name.startsWith('#') && !name.startsWith('#server') && !libs.has(name.slice(1))) return ['there is no such lib'];
  if (isSpec(path)) return [];
  return boundaries.filter(({ of, forbids }) => of(lib) && forbids(name, lib)).map(({ because }) => because);
}

/** Circles in the graph of libs, each told once. */
function cycles(files: readonly SourceFile[]): string[][] {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    const lib = libOf(file.path);
    if (lib === undefined || isSpec(file.path)) continue;
    const known = edges.get(lib) ?? new Set();
    for (const name of importsOf(file)) if (name.startsWith('#') && name !== `#${lib}`) known.add(name.slice(1));
    edges.set(lib, known);
  }
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (lib: string, way: readonly string[]): void => {
    if (way.includes(lib)) {
      found.push([...way.slice(way.indexOf(lib)), lib]);
      return;
    }
    if (done.has(lib)) return;
    for (const next of edges.get(lib) ?? []) visit(next, [...way, lib]);
    done.add(lib);
  };
  for (const lib of edges.keys()) visit(lib, []);
  return found;
}

const libOf = (path: string): string | undefined => /^libs\/([^/]+)\//.exec(path)?.[1];

/** Specs and what only specs import. */
const isSpec = (path: string): boolean => /\.spec\.ts$/.test(path) || isForSpecs(path.replace(/\.ts$/, '.js'));

/** What libs hold for each other's specs: stories in memory, the contract suite of the log. */
const isForSpecs = (target: string): boolean => /(^|[/.-])testing\.js$|\/(contract|testing)\//.test(target);
