import type { Answer } from './server.js';

/** Asserts that an answer is a problem document of this status that says something, and tells nothing of the inside. */
export function expectProblem(answer: Answer, status: number): void {
  expect({ status: answer.status, text: answer.text }).toEqual({ status, text: expect.any(String) });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-correlation-id')).toMatch(/^[\x20-\x7e]{1,128}$/);
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(/^\/problems\/[a-z-]+$/),
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
    instance: expect.stringMatching(/^\//),
  });
  expect(answer.text).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.js:\d+|FST_ERR|<html/i);
}

/** The fields that a 400 names. */
export function badFields({ body }: Answer): string[] {
  return (body as { errors: { field: string }[] }).errors.map(({ field }) => field);
}
