import type { Finding } from '../../api/types.js';

const order = ['error', 'warning', 'info'] as const satisfies readonly Finding['severity'][];

/** What blocks before what only warns, page by page: what is read later moves nothing that is there. Otherwise in the order in which it came. */
export function gravestFirst<T extends Pick<Finding, 'severity'>>(rows: readonly T[], pageSize: number): readonly T[] {
  const pages = Array.from({ length: Math.ceil(rows.length / pageSize) }, (_, page) =>
    rows.slice(page * pageSize, (page + 1) * pageSize),
  );
  return pages.flatMap((page) => order.flatMap((severity) => page.filter((row) => row.severity === severity)));
}
