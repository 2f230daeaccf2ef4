// `node apps/console/build.mjs <folder>`: builds the console there, each asset with its brotli and gzip form beside it. With `--bare`: the page
// that its start is measured against.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const [outDir, bare] = process.argv.slice(2);
if (!outDir || (bare !== undefined && bare !== '--bare'))
  throw new Error('usage: node apps/console/build.mjs <folder> [--bare]');

await build({
  configFile: join(import.meta.dirname, 'vite.config.mjs'),
  logLevel: 'warn',
  ...(bare && { root: join(import.meta.dirname, 'bare') }),
  build: { outDir, emptyOutDir: true },
});

const assets = join(outDir, 'assets');
for (const name of readdirSync(assets)) {
  const path = join(assets, name);
  const bytes = readFileSync(path);
  const quality = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, quality));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
