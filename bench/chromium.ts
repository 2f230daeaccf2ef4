import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine: what `HOMEWARD_TEST_BROWSER` names, else one in its usual place. */
export const chromiumPath: string | undefined =
  process.env['HOMEWARD_TEST_BROWSER'] ?? usual.find((path) => existsSync(path));

/** @throws where this machine has none */
export function openChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no browser: install chromium');
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
