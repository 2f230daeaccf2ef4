import type { Position } from '#event-log';
import type { GenerationId } from '#kernel';
import type { GenerationOf } from '#powershell';
import type { Views } from '#views';
import { everyPage } from '../views/every-item.js';

/** Generations of all pools and deployments, as they were known at a position. */
export async function generationsAt(views: Views, position: Position): Promise<GenerationOf> {
  const known = new Map<string, GenerationId>();
  const asked = { input: {}, after: position, asOf: { position: position < 0n ? 0n : position } };
  for await (const page of everyPage<{ pool: string; generation: GenerationId }>(views, '/api/pools', asked))
    for (const { pool, generation } of page) known.set(pool, generation);
  for await (const page of everyPage<{ deployment: string; generation: GenerationId }>(
    views,
    '/api/deployments',
    asked,
  ))
    for (const { deployment, generation } of page) known.set(deployment, generation);
  return (fqdn) => known.get(fqdn);
}
