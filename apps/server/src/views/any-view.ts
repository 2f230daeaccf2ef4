import type { ViewDefinition } from '#views';

/** What the rim needs to know of a view, wherever its answers come from. */
export type AnyView = Pick<
  ViewDefinition,
  'path' | 'summary' | 'kind' | 'parameters' | 'moments' | 'roles' | 'item' | 'file' | 'beside' | 'unknown'
>;

/** The moment that a view answers for. -1 is the empty world. */
export interface MomentQuery {
  readonly at: number;
  readonly instant: string;
}
