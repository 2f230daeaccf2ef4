import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../http/request-context.js';
import { welcome } from '../http/rim.js';
import type { ConsoleBuild } from './console-build.js';
import { sendConsole } from './console.controller.js';

/** Where an address is never one of the console's, however it goes on. */
const othersPlaces = ['/api', '/docs', '/health', '/metrics', '/assets', '/problems'] as const;

/** Whether a browser goes to a page: what is mistyped there is told by the console, and not by JSON. */
function asksForPage({ method, headers: { accept }, raw }: FastifyRequest): boolean {
  if (method !== 'GET' || !/\btext\/html\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accept ?? '')) return false;
  const path = pathOf(raw.url);
  return !othersPlaces.some((place) => path === place || path.startsWith(`${place}/`));
}

/** Answers for an address that nothing has, where it was asked for as a page; false where it was not, or there is no console. */
export type NoSuchPage = (request: FastifyRequest, reply: FastifyReply) => boolean;

export function noSuchPageOf(build: ConsoleBuild | undefined): NoSuchPage {
  return (request, reply) => {
    if (!build || !asksForPage(request)) return false;
    // What the router itself refuses has met no hook.
    if (!reply.hasHeader('x-correlation-id') && welcome(request, reply)) return false;
    sendConsole(build, reply.code(404));
    return true;
  };
}
