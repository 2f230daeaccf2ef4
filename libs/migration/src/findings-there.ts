import { userStream } from '#homing';
import type { Subject, Transaction } from '#kernel';
import { deploymentStream } from '#topology';
import type { FindingsThere } from './finding-records.js';
import { type FindingOn, findings, isFindingOfDeployment } from './findings.js';
import { migrationStream } from './migration.js';

const none: FindingsThere = [];
const on = (subject: FindingOn): FindingsThere => findings.filter((definition) => definition.on === subject);

/** Looks up which findings a subject can have, whether they are there just now or not. */
export async function findingsThere(tx: Transaction, subject: Subject): Promise<FindingsThere> {
  if (subject === 'estate') return on('estate');
  const [kind, id] = [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)];
  switch (kind) {
    case 'deployment': {
      const deployment = await tx.load(deploymentStream(id));
      return deployment ? findings.filter((each) => isFindingOfDeployment(each, deployment.generation)) : none;
    }
    case 'migration':
      return (await tx.load(migrationStream(id))) ? on('migration') : none;
    case 'user':
      return (await tx.load(userStream(id))) ? on('user') : none;
    default:
      return none;
  }
}
