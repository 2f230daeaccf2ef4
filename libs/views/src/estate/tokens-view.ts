import { roles } from '#kernel';
import { pageOf } from '../paging.js';
import { instant, listOf, orNull, shape, text, words } from '../schemas.js';
import { rows } from '../storage/prepared.js';
import type { ViewDefinition } from '../view.js';

export interface TokenRow {
  readonly token: string;
  readonly name: string;
  /** JSON, as the next but one. */
  readonly roles: string;
  readonly issuedAt: string;
  readonly issuedBy: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export const tokensView: ViewDefinition = {
  path: '/api/tokens',
  summary: 'Tokens, who issued them and what they may do; never a secret',
  kind: 'list',
  parameters: {},
  projections: ['access'],
  roles: ['admin'],
  item: shape({
    token: text,
    name: text,
    roles: listOf(words(...roles)),
    issuedAt: instant,
    issuedBy: shape({ id: text, name: text }),
    expiresAt: orNull(instant),
    revokedAt: orNull(instant),
  }),
  run: (db, query) => {
    const all = rows<TokenRow>(
      db,
      `select token, name, roles, issued_at as issuedAt, issued_by as issuedBy, expires_at as expiresAt, revoked_at as revokedAt
       from access.token where valid_from <= @at and valid_to > @at order by token`,
      { at: query.at },
    );
    return pageOf(all, 'tokens', query, ({ token }) => token, tokenOf);
  },
};

export function tokenOf(row: TokenRow) {
  return { ...row, roles: JSON.parse(row.roles) as unknown, issuedBy: JSON.parse(row.issuedBy) as unknown };
}
