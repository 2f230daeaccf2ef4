import { randomBytes } from 'node:crypto';
import { Controller, Get, Inject, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { policyWithStyleNonce } from '../http/security-headers.js';
import type { ConsoleBuild } from './console-build.js';
import { consolePages } from './console-pages.js';

const BUILD = Symbol('the built console');

/** The address of every page of the console answers with the same document; it finds its page by itself. */
export function consoleController(): Type {
  @Controller()
  class ConsoleController {
    constructor(@Inject(BUILD) private readonly build: ConsoleBuild) {}

    @Get([...consolePages])
    page(@Req() _: FastifyRequest, @Res() reply: FastifyReply): void {
      sendConsole(this.build, reply);
    }
  }
  return ConsoleController;
}

/** Each answer has a nonce of its own, so it is kept nowhere. */
export function sendConsole(build: ConsoleBuild, reply: FastifyReply): void {
  const nonce = randomBytes(16).toString('base64');
  reply
    .header('content-security-policy', policyWithStyleNonce(nonce))
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(build.page(nonce));
}

export function consoleProviders(build: ConsoleBuild): readonly { provide: symbol; useValue: ConsoleBuild }[] {
  return [{ provide: BUILD, useValue: build }];
}

/** Where there is no console, the way in is the description of the API. */
@Controller()
export class NoConsoleController {
  @Get()
  root(@Res() reply: FastifyReply): void {
    reply.redirect('/docs', 302);
  }
}
