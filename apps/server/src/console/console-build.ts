import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in the built page where each answer's own nonce goes. */
const noncePlaceholder = '__STYLE_NONCE__';

/** The console as the set-up built it: one page, and the assets that it names. */
export class ConsoleBuild {
  private constructor(
    /** Scripts, styles and their precompressed forms; their names change with what they hold. */
    readonly assets: string,
    private readonly text: string,
  ) {}

  /** Undefined where it was not built: a server without it has only its API. */
  static open(folder: string): ConsoleBuild | undefined {
    const page = join(folder, 'index.html');
    return existsSync(page) ? new ConsoleBuild(join(folder, 'assets'), readFileSync(page, 'utf8')) : undefined;
  }

  page(nonce: string): string {
    return this.text.replaceAll(noncePlaceholder, nonce);
  }
}
