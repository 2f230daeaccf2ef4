import type { FastifyRequest } from 'fastify';
import { fileNameOf } from './file-name.js';

const nameIn = (disposition?: string): string | undefined =>
  fileNameOf({ headers: { 'content-disposition': disposition } } as unknown as FastifyRequest);

test.each([
  ['attachment; filename="users of May.csv"', 'users of May.csv'],
  ['attachment; filename="say \\"all\\".csv"', 'say "all".csv'],
  ['attachment; filename=users.csv', 'users.csv'],
  ["attachment; filename*=UTF-8''%D0%9B%D1%8E%D0%B4%D0%B8.csv", 'Люди.csv'],
  ['attachment; filename="x.csv"; filename*=UTF-8\'\'%D0%9B.csv', 'Л.csv'],
])('%s names %s', (disposition, name) => {
  expect(nameIn(disposition)).toBe(name);
});

test('a file may have no name', () => {
  expect(nameIn()).toBeUndefined();
  expect(nameIn('attachment')).toBeUndefined();
});

test.each([
  'attachment; filename=""',
  "attachment; filename*=UTF-8''%E0%A4%A",
  "attachment; filename*=UTF-8''a%0Ab",
  `attachment; filename="${'x'.repeat(256)}"`,
])('%s names nothing that a file can be called', (disposition) => {
  expect(() => nameIn(disposition)).toThrow(/./);
});
