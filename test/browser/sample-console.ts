import type { Page } from 'playwright-core';
import { Screen } from './browser.js';
import { SampleEstate } from './estate.js';

type SignIn = Parameters<Screen['signedIn']> extends [url: string, path: string, ...more: infer More] ? More : never;

/** For the tests of a block: the sample estate and a browser, whose pages are closed after each test and may have had no fault. */
export class SampleConsole {
  private opened: { readonly estate: SampleEstate; readonly screen: Screen } | undefined;

  static forTests(): SampleConsole {
    const sample = new SampleConsole();
    beforeAll(() => sample.begin());
    afterAll(() => sample.end());
    afterEach(async () => {
      await sample.screen.closePages();
      expect(sample.screen.faults.splice(0)).toEqual([]);
    });
    return sample;
  }

  get estate(): SampleEstate {
    return this.now.estate;
  }

  get screen(): Screen {
    return this.now.screen;
  }

  get url(): string {
    return `http://127.0.0.1:${this.estate.port}`;
  }

  /** A page that is signed in, as `Screen.signedIn` opens it. */
  open(path: string, ...more: SignIn): Promise<Page> {
    return this.screen.signedIn(this.url, path, ...more);
  }

  private get now() {
    if (!this.opened) throw new Error('the sample estate is not open');
    return this.opened;
  }

  private async begin(): Promise<void> {
    const estate = await SampleEstate.open();
    try {
      this.opened = { estate, screen: await Screen.open() };
    } catch (error) {
      await estate.close();
      throw error;
    }
  }

  private async end(): Promise<void> {
    await this.opened?.screen.close();
    await this.opened?.estate.close();
  }
}
