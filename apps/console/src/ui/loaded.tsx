import type { ReactNode } from 'react';
import type { Answer } from '../api/http.js';
import { useView } from '../api/views.js';
import { Failure } from './failure.js';
import { PageHeader } from './page-header.js';
import { Waiting } from './waiting.js';

interface LoadedProps<T> {
  /** Where it is answered. */
  readonly path: string;
  /** What it is, and its name as far as the address tells: what a failure says. */
  readonly kind: string;
  readonly title: string;
  readonly children: (body: T, position: Answer<T>['position']) => ReactNode;
}

/** The page about one thing, once it has been read. */
export function Loaded<T>({ path, kind, title, children }: LoadedProps<T>) {
  const { data, error, refetch } = useView<T>(path);
  if (error)
    return (
      <div className="page">
        <PageHeader kind={kind} title={title} />
        <Failure error={error} again={() => void refetch()} />
      </div>
    );
  return data ? children(data.body, data.position) : <Waiting />;
}
