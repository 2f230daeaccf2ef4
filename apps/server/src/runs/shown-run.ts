import { Inject, Injectable } from '@nestjs/common';
import type { EventLogReader } from '#event-log';
import type { Views } from '#views';
import { LOG, VIEWS } from '../parts.js';

/** A run as its view shows it, in the answer to what changed it. */
@Injectable()
export class ShownRun {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(LOG) private readonly log: EventLogReader,
  ) {}

  /** `known` where the view is far behind and has nothing to say yet. */
  async of(known: { readonly run: string; readonly kind: string; readonly state: string }): Promise<object> {
    try {
      const asked = { input: { run: known.run }, after: await this.log.head() };
      const { body } = await this.views.query('/api/runs/:run', asked);
      return body ?? known;
    } catch (error) {
      if (error instanceof Error && ['NotReached', 'ViewNotMade', 'ViewsBusy'].includes(error.name)) return known;
      throw error;
    }
  }
}
