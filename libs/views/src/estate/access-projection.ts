import type { TokenIssued, TokenRevoked } from '#access';
import type { Projection } from '../projection.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';

const tokens = {
  table: 'token',
  key: { token: 'text' },
  columns: {
    name: 'text',
    roles: 'text',
    issued_at: 'text',
    issued_by: 'text',
    expires_at: 'text',
    revoked_at: 'text',
  },
} as const satisfies VersionedSpec;

/** Who holds a token; nothing of its secret. */
export const accessProjection: Projection = {
  name: 'access',
  version: 1,
  types: ['TokenIssued', 'TokenRevoked'] satisfies readonly (TokenIssued | TokenRevoked)['type'][],
  schema: versionedSchema(tokens),
  open(db) {
    const table = new VersionedTable(db, tokens);
    return {
      apply(events) {
        for (const { event, data, position } of events) {
          const taken = { type: event.type, data } as unknown as TokenIssued | TokenRevoked;
          const { token } = taken.data;
          const known = table.current(token);
          if (taken.type === 'TokenRevoked') {
            if (!known) throw new Error(`the token ${token} was never issued`);
            table.put(position, [token], { ...known, revoked_at: event.recordedAt });
          } else {
            const { name, roles, expiresAt } = taken.data;
            const { id, name: by } = event.meta.actor;
            table.put(position, [token], {
              name,
              roles: JSON.stringify(roles),
              issued_at: event.recordedAt,
              issued_by: JSON.stringify({ id, name: by }),
              expires_at: expiresAt,
              revoked_at: null,
            });
          }
        }
        table.flush();
      },
    };
  },
};
