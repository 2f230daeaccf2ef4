// `node apps/console/build.mjs <folder>`: builds the console there, each asset with its brotli and gzip form beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
if (!outDir) throw new Error('usage: node apps/console/build.mjs <folder>');

await build({
  configFile: join(import.meta.dirname, 'vite.config.mjs'),
  logLevel: 'warn',
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
