import type { FastifyRequest } from 'fastify';
import { malformed } from '../problems/problem.js';

const charactersMax = 255;

/** What the sender of a file calls it: `Content-Disposition` with `filename` or `filename*` (RFC 6266); undefined where it says nothing. @throws {Problem} */
export function fileNameOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['content-disposition'];
  if (given === undefined) return undefined;
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(given)?.[1];
  const [, quoted, bare] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(given) ?? [];
  if (encoded === undefined && quoted === undefined && bare === undefined) return undefined;
  const name = encoded === undefined ? (quoted?.replace(/\\(.)/g, '$1') ?? bare) : decoded(encoded);
  if (name === undefined || name.trim() === '' || name.length > charactersMax || /\p{Cc}/u.test(name))
    throw malformed({
      field: 'Content-Disposition',
      message: `must name the file in 1 to ${charactersMax} characters, as filename="users.csv" or filename*=UTF-8''users.csv, percent-encoded`,
    });
  return name;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
