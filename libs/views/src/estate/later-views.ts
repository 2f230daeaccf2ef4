import { Asked } from '../parameters.js';
import { pageOf } from '../paging.js';
import type { ViewDefinition } from '../view.js';

const none = { type: 'object' } as const;

/** Migrations and findings: none are recorded yet. */
export const laterViews: readonly ViewDefinition[] = [
  {
    path: '/api/migrations',
    summary: 'Migrations and how far each has come',
    kind: 'list',
    parameters: {},
    projections: ['topology'],
    item: none,
    run: (_, query) => pageOf([], 'migrations', query, String, Object),
  },
  {
    path: '/api/migrations/:migration',
    summary: 'One migration',
    kind: 'one',
    parameters: { migration: Asked.migration('id of the migration') },
    projections: ['topology'],
    item: none,
    run: () => undefined,
  },
  {
    path: '/api/findings',
    summary: 'What deserves attention, and how it goes away',
    kind: 'list',
    parameters: {
      subject: Asked.subject('what it is about'),
      severity: Asked.oneOf('how bad it is', ['error', 'warning', 'info']),
      status: Asked.oneOf('whether it stands', ['open', 'resolved', 'waived']),
    },
    projections: ['topology'],
    item: none,
    run: (_, query) => pageOf([], 'findings', query, String, Object),
  },
];
