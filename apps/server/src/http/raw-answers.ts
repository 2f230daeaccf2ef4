import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../problems/problem.js';

/** Answers what never becomes a request: bytes that are no HTTP, headers without end, CONNECT. */
export function answerRawErrors(server: Server): void {
  server.on('connect', (_: IncomingMessage, socket: Duplex) => {
    endWith(socket, new Problem('method-not-allowed', 'this server is no proxy; CONNECT is not understood'));
  });
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
    const problem = new Problem('expectation-failed', 'the only expectation understood is 100-continue');
    const body = JSON.stringify(problem.document('/'));
    response.writeHead(problem.status, { ...headersFor(body), connection: 'close' }).end(body);
  });
}

/** Fastify's `clientErrorHandler`: what the HTTP parser could not read. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) {
    socket.destroy();
    return;
  }
  endWith(socket, parserProblem(error.code));
}

function parserProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers-too-large', 'the address and headers have at most 16 KiB together');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new Problem('too-large', 'the chunk extensions are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('request-timeout', 'the request did not arrive in time');
  if (code === 'HPE_INVALID_METHOD')
    return new Problem('malformed', 'the request must begin with an HTTP method such as GET or POST');
  if (code === 'HPE_INVALID_URL')
    return new Problem(
      'malformed',
      'the address holds a character that must be percent-encoded: a space, a control character, or one beyond ASCII (%D1%84 for ф)',
    );
  if (code === 'HPE_INVALID_EOF_STATE')
    return new Problem(
      'malformed',
      'the request ends before its body does, so nothing of it was taken; send it again, whole',
    );
  return new Problem('malformed', 'the request is not well-formed HTTP/1.1');
}

function endWith(socket: Duplex, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.on('error', () => socket.destroy());
  const body = JSON.stringify(problem.document('/'));
  const lines = Object.entries(headersFor(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${problem.status} ${statusText[problem.status] ?? 'Error'}\r\n${lines.join('')}connection: close\r\n\r\n${body}`,
  );
}

const statusText: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
};

function headersFor(body: string): Record<string, string> {
  return {
    'content-type': 'application/problem+json',
    'content-length': `${Buffer.byteLength(body)}`,
    'x-correlation-id': randomUUID(),
    'x-content-type-options': 'nosniff',
  };
}
