import { ProblemError } from '../../api/problem.js';
import { newKey } from './new-key.js';

/**
 * The Idempotency-Key of one exact body. The same body again has the same key, so that one whose answer was lost is done once;
 * another body has another, and so has the same one after an answer that the server keeps under its key.
 */
export class BodyKey {
  private sent: { readonly text: string; readonly key: string } | undefined;

  async send<T>(body: unknown, post: (key: string) => Promise<T>): Promise<T> {
    const text = JSON.stringify(body);
    if (this.sent?.text !== text) this.sent = { text, key: newKey() };
    try {
      const answer = await post(this.sent.key);
      this.sent = undefined;
      return answer;
    } catch (failed) {
      if (failed instanceof ProblemError && failed.kind === 'refused') this.sent = undefined;
      throw failed;
    }
  }
}
