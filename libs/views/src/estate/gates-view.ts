import { isLegacy, subject } from '#kernel';
import { Asked } from '../parameters.js';
import { count, instant, listOf, orNull, shape, text, words } from '../schemas.js';
import type { ViewDefinition } from '../view.js';
import { gatesOfDeployment, gatesOfPool } from './deployment-at.js';
import { TopologyAt } from './topology-at.js';

const gate = shape({
  gate: text,
  kind: words('computed', 'attested'),
  status: words('met', 'not-met', 'waived', 'unknown'),
  count,
  offenders: listOf(text),
  evidence: orNull(text),
  by: orNull(shape({ id: text, name: text })),
  at: orNull(instant),
  expiresAt: orNull(instant),
});

export const gatesView: ViewDefinition = {
  path: '/api/gates/:subject',
  summary: 'What has to hold before a legacy pool or deployment may be decommissioned',
  kind: 'one',
  parameters: { subject: Asked.subject('pool:<FQDN> or deployment:<FQDN> of a legacy one') },
  projections: ['topology', 'users', 'content', 'migrations'],
  item: shape({ subject: text, gates: listOf(gate) }),
  unknown: (id) => `${id} is not known as a legacy pool or deployment; others have no gates`,
  run: (db, { at, instant, input }) => {
    const asked = String(input['subject']);
    const topology = new TopologyAt(db, at);
    const id = asked.slice(asked.indexOf(':') + 1);
    if (asked === subject.pool(id)) {
      const pool = topology.pool(id);
      return pool && isLegacy(pool.generation)
        ? { subject: asked, gates: gatesOfPool(topology, pool, instant, true) }
        : undefined;
    }
    const deployment = asked === subject.deployment(id) ? topology.deployment(id) : undefined;
    return deployment && isLegacy(deployment.generation)
      ? { subject: asked, gates: gatesOfDeployment(topology, deployment, instant, true) }
      : undefined;
  },
};
