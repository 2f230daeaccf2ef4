import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMoment } from '../moment/moment.js';
import { queryClient } from './client.js';
import { type Answer, ask, lastWritten, type Parameters, withParameters } from './http.js';
import { pastKey, viewKey } from './keys.js';
import { live } from './live.js';
import type { Page } from './types.js';
import { wholeList } from './whole-list.js';

export interface ViewOptions {
  readonly enabled?: boolean;
  /** Another moment than the page's. */
  readonly asOf?: string | undefined;
}

function keyOf(path: string, parameters: Parameters): readonly unknown[] {
  return [parameters['asOf'] === undefined ? viewKey : pastKey, path, parameters];
}

/** One answer of a view, as of the page's moment. */
export function useView<T>(
  path: string,
  parameters: Parameters = {},
  options: ViewOptions = {},
): UseQueryResult<Answer<T>> {
  const moment = useMoment();
  const asked = { ...parameters, asOf: 'asOf' in options ? options.asOf : moment.asOf };
  return useQuery({
    queryKey: keyOf(path, asked),
    queryFn: ({ signal }) => read<T>(path, asked, signal),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  });
}

async function read<T>(path: string, asked: Parameters, signal: AbortSignal): Promise<Answer<T>> {
  if (asked['asOf'] !== undefined) return ask<T>(withParameters(path, asked), { signal });
  // To a recorded event `after` says something else.
  const after = path.startsWith('/api/events/') ? undefined : notYetSeen();
  const answer = await ask<T>(withParameters(path, { ...asked, after }), { signal });
  live.heard(answer.position);
  return answer;
}

/** What was sent last, where nothing has told yet that the views know it: a page that is about it waits for them. */
function notYetSeen(): string | undefined {
  const sent = lastWritten();
  return sent !== null && BigInt(sent) > BigInt(live.snapshot().position ?? '-1') ? sent : undefined;
}

/** The answer for a whole list of now that was asked for before there was anybody to show it. */
export interface Provided {
  readonly path: string;
  readonly answer: Promise<Answer<unknown>>;
}

/** Puts it where `useAll` looks for it. */
export async function provide({ path, answer }: Provided): Promise<void> {
  const queryFn = async () => {
    const { position } = await answer;
    live.heard(position);
    return answer;
  };
  await queryClient.prefetchQuery({ queryKey: keyOf(path, wholeList), queryFn });
}

/** A whole short list: sites, pools, policies, deployments. */
export function useAll<T>(path: string, parameters: Parameters = {}, options: ViewOptions = {}) {
  return useView<Page<T>>(path, { ...parameters, ...wholeList }, options);
}

export interface PagedView<T> {
  readonly rows: readonly T[];
  readonly total: number | undefined;
  readonly position: string | null;
  readonly error: Error | null;
  readonly isLoading: boolean;
  readonly isFetchingMore: boolean;
  readonly hasMore: boolean;
  readonly pages: number;
  readonly more: () => void;
  readonly again: () => void;
}

/** A long list, page by page as its reader scrolls. */
export function usePages<T>(
  path: string,
  parameters: Parameters = {},
  options: ViewOptions & { pageSize?: number } = {},
): PagedView<T> {
  const moment = useMoment();
  const asked = {
    ...parameters,
    asOf: 'asOf' in options ? options.asOf : moment.asOf,
    limit: String(options.pageSize ?? 200),
  };
  const query = useInfiniteQuery({
    queryKey: [...keyOf(path, asked), 'pages'],
    queryFn: ({ pageParam, signal }) => read<Page<T>>(path, { ...asked, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ body }) => body.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  });
  const pages = query.data?.pages ?? [];
  const last = pages.at(-1);
  return {
    rows: pages.length === 1 && pages[0] ? pages[0].body.items : flattened(pages),
    total: last?.body.total,
    position: last?.position ?? null,
    error: query.error,
    isLoading: query.isLoading,
    isFetchingMore: query.isFetchingNextPage,
    hasMore: query.hasNextPage,
    pages: pages.length,
    more: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
    again: () => void query.refetch(),
  };
}

const flat = new WeakMap<readonly unknown[], readonly unknown[]>();

/** All rows, flattened once per answer: a list of 150,000 rows is not copied at each frame. */
function flattened<T>(pages: readonly Answer<Page<T>>[]): readonly T[] {
  const known = flat.get(pages) as readonly T[] | undefined;
  if (known) return known;
  const rows = pages.flatMap(({ body }) => body.items);
  flat.set(pages, rows);
  return rows;
}
