import { parseArgs } from 'node:util';
import { type Bench, isMet } from './bench.js';
import { benches } from './registry.js';
import { type Result, table } from './table.js';

const usage = `npm run bench -- [--only <name>] [--json]; names: ${benches.map(({ name }) => name).join(', ')}`;

process.exitCode = await main();

async function main(): Promise<number> {
  const wanted = chosen();
  if (!wanted) {
    console.error(usage);
    return 2;
  }
  const results: Result[] = [];
  for (const bench of wanted.benches) {
    if (!wanted.json) console.error(`${bench.name}: ${bench.what} …`);
    results.push(await measured(bench));
  }
  console.log(wanted.json ? JSON.stringify(results.map(withVerdicts), undefined, 2) : table(results));
  return results.every(({ figures, failed }) => failed === undefined && figures.every(isMet)) ? 0 : 1;
}

/** What the command line asks for; undefined where it can't be understood. */
function chosen(): { readonly benches: readonly Bench[]; readonly json: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' } } });
    const { only, json = false } = values;
    if (only?.some((name) => !benches.some((bench) => bench.name === name))) return undefined;
    return { benches: benches.filter(({ name }) => !only || only.includes(name)), json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

async function measured(bench: Bench): Promise<Result> {
  try {
    return { bench: bench.name, figures: [await bench.run()].flat() };
  } catch (error) {
    console.error(error);
    return { bench: bench.name, figures: [], failed: error instanceof Error ? error.message : String(error) };
  }
}

function withVerdicts({ figures, ...result }: Result): object {
  return { ...result, figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })) };
}
