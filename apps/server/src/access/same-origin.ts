import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/**
 * A cookie is sent by the browser, whoever asked for the request; so what changes something must come from a page of this server.
 * Browsers say so in `Sec-Fetch-Site` or, older ones, in `Origin`; who sends neither is no browser.
 */
export function assertSameOrigin({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  const foreign =
    site === undefined
      ? origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)
      : site !== 'same-origin' && site !== 'none';
  if (foreign)
    throw new Problem(
      'other-origin',
      'a session cookie changes nothing for pages of other sites; send a token instead',
    );
}
