import { exportMax, gather } from './export-items.js';

/** A server that has found so many. */
function answering(total: number): string[] {
  const asked: string[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    const address = new URL(input as string, 'http://homeward');
    asked.push(address.searchParams.get('cursor') ?? '');
    const from = Number(address.searchParams.get('cursor') ?? 0);
    const limit = Number(address.searchParams.get('limit'));
    const items = Array.from({ length: Math.min(limit, total - from) }, (_, index) => ({
      position: `${from + index}`,
    }));
    const next = from + limit < total ? `${from + limit}` : null;
    return Promise.resolve(Response.json({ items, next, total }));
  });
  return asked;
}

afterEach(() => jest.restoreAllMocks());

test('everything that was found is gathered, page by page', async () => {
  const asked = answering(1201);
  const { items, total } = await gather({ command: 'HomeUser' });
  expect(items).toHaveLength(1201);
  expect(total).toBe(1201);
  expect(asked).toEqual(['', '500', '1000']);
});

test('of more than the most, as many are gathered, and how many there are is told', async () => {
  answering(exportMax + 31_000);
  const { items, total } = await gather({});
  expect(items).toHaveLength(exportMax);
  expect(total).toBe(81_000);
});
