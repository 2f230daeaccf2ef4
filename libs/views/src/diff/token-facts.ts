import { subject } from '#kernel';
import { type TokenRow, tokenOf } from '../estate/tokens-view.js';
import { type FactsOf, latest, single, toFacts } from './known-facts.js';

export const tokens: FactsOf = (db, at, ids) => {
  const columns = {
    token: 'token',
    name: 'name',
    roles: 'roles',
    issuedAt: 'issued_at',
    issuedBy: 'issued_by',
    expiresAt: 'expires_at',
    revokedAt: 'revoked_at',
  };
  const found = latest<TokenRow>(db, at, 'access.token', ['token'], columns, single(ids));
  return toFacts(found, ids, ({ n: _n, ...row }) => {
    const { token, ...facts } = tokenOf(row);
    return { subject: subject.token(token), facts };
  });
};
