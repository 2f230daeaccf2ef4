import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { doubledName } from '#kernel';
import { malformed, Problem } from '../problems/problem.js';

export const jsonBytesMax = 1024 * 1024;
/** What is read and thrown away of a larger body, so that its sender is still there to read the answer. */
const drainedBytesMax = 64 * 1024 * 1024;
const nestingMax = 32;
const nameShownMax = 200;

/** Reads a JSON body whole, within its bounds. An empty one is undefined. */
export function readJson(payload: IncomingMessage, done: (error: Error | null, body?: unknown) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  const promised = Number(payload.headers['content-length']);
  const settle = (error: Error | null, body?: unknown): void => {
    payload.removeListener('data', onData).removeListener('end', onEnd).removeListener('error', onError);
    done(error, body);
  };
  const onData = (chunk: Buffer): void => {
    received += chunk.length;
    if (received <= jsonBytesMax) chunks.push(chunk);
    else {
      chunks.length = 0;
      if (received > drainedBytesMax) settle(tooLarge());
    }
  };
  const onEnd = (): void => {
    if (received > jsonBytesMax) return settle(tooLarge());
    if (received === 0) return settle(null, undefined);
    const [first] = chunks;
    const parsed = parseJson(chunks.length === 1 && first ? first : Buffer.concat(chunks, received));
    return parsed.problem ? settle(parsed.problem) : settle(null, parsed.value);
  };
  const onError = (): void => settle(new Problem('malformed', 'the request was cut off before its end'));
  if (promised > drainedBytesMax) return done(tooLarge());
  payload.on('data', onData).on('end', onEnd).on('error', onError);
}

const tooLarge = (): Problem => new Problem('too-large', 'a JSON body has at most 1 MiB');

function parseJson(bytes: Buffer): { readonly value?: unknown; readonly problem?: Problem } {
  if (!isUtf8(bytes)) return { problem: malformed({ field: '', message: 'must be UTF-8' }) };
  // Windows PowerShell begins a text with a byte order mark.
  const text = bytes.toString('utf8', startsWithBom(bytes) ? 3 : 0);
  if (nesting(text) > nestingMax)
    return { problem: malformed({ field: '', message: `must not be nested deeper than ${nestingMax} levels` }) };
  try {
    const value: unknown = JSON.parse(text);
    const doubled = doubledName(text, value);
    if (doubled === undefined) return { value };
    const field = doubled.slice(0, nameShownMax).toWellFormed();
    return { problem: malformed({ field, message: 'is named twice; name each member once' }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const place = /at position (\d+)/.exec(error.message)?.[1];
    const where =
      place === undefined
        ? 'it ends too early or holds something else'
        : `the first error is at character ${Number(place) + 1}`;
    return { problem: malformed({ field: '', message: `must be JSON; ${where}` }) };
  }
}

function startsWithBom(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** How deep objects and arrays stand in each other, at most; for text that need not be JSON. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}
