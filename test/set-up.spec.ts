import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('a set-up empties no folder of dependencies that is only linked to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'homeward-set-up-'));
  try {
    const [checkout, elsewhere] = [join(folder, 'checkout'), join(folder, 'elsewhere')];
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'precious'), '');
    for (const each of ['scripts', 'package.json', 'package-lock.json'])
      await cp(join(import.meta.dirname, '..', each), join(checkout, each), { recursive: true });
    await symlink(elsewhere, join(checkout, 'node_modules'));
    const { status, stderr } = spawnSync(process.execPath, [join(checkout, 'scripts', 'run.mjs'), 'setup'], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(stderr).toContain('node_modules is a link');
    expect(status).toBe(1);
    expect(await readdir(elsewhere)).toEqual(['precious']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
