import { type GenerationId, isLegacy, type Subject, type Transaction } from '#kernel';
import { deploymentStream, poolStream, unknownDeployment, unknownPool } from '#topology';
import type { GatesThere } from './gate-records.js';
import { deploymentGates, type GateDefinition, poolGates } from './gates.js';

const none: GatesThere = new Map();

/** Looks up which gates a subject has: only a legacy pool or deployment has any. */
export async function gatesThere(tx: Transaction, subject: Subject): Promise<GatesThere> {
  const [kind, id] = [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)];
  switch (kind) {
    case 'pool': {
      const pool = await tx.load(poolStream(id));
      return pool ? gatesFor(pool.generation, poolGates) : unknownPool(id);
    }
    case 'deployment': {
      const deployment = await tx.load(deploymentStream(id));
      return deployment ? gatesFor(deployment.generation, deploymentGates) : unknownDeployment(id);
    }
    default:
      return none;
  }
}

function gatesFor<Facts>(generation: GenerationId, gates: readonly GateDefinition<Facts>[]): GatesThere {
  return isLegacy(generation) ? new Map(gates.map(({ name, kind }) => [name, kind])) : none;
}
