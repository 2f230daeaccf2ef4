import { gravestFirst } from './gravest-first.js';

describe('findings, gravest first', () => {
  const rows = (...severities: ('error' | 'warning' | 'info')[]) =>
    severities.map((severity, at) => ({ severity, name: `${severity} ${at}` }));
  const names = (given: ReturnType<typeof rows>, pageSize: number) =>
    gravestFirst(given, pageSize).map(({ name }) => name);

  it('has what blocks before warnings before notes, each as they came', () => {
    expect(names(rows('info', 'warning', 'error', 'warning', 'error'), 100)).toEqual([
      'error 2',
      'error 4',
      'warning 1',
      'warning 3',
      'info 0',
    ]);
  });

  it('moves nothing of a page that was read before', () => {
    const first = rows('info', 'warning');
    expect(names([...first, ...rows('error', 'info')], 2)).toEqual([...names(first, 2), 'error 0', 'info 1']);
  });
});
