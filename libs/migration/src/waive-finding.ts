import { BaseCommand, defineCommand, Is, outcome, type Subject } from '#kernel';
import { findingHolds } from './finding-holds.js';
import { findingsStream, waiveFinding } from './finding-records.js';
import { findingsThere } from './findings-there.js';

export class WaiveFinding extends BaseCommand {
  @Is.Subject('what the finding is about')
  readonly subject!: Subject;

  @Is.Name('name of the finding')
  readonly finding!: string;

  @Is.TextUpTo(1000, 'why nothing need be done about it')
  declare readonly reason: string;

  @Is.Instant('when the waiver lapses, at once where that is past; never where absent', { optional: true })
  readonly expiresAt?: string;
}

export const waiveFindingCommand = defineCommand(WaiveFinding, {
  summary: 'Waive a finding',
  role: 'approver',
  example: {
    subject: 'migration:tacoma',
    finding: 'prepare.federated-members',
    reason: 'nobody of another company was ever a member',
  },
  subjects: ({ subject }) => [subject],
  handle: async (command, tx) => {
    const stream = findingsStream(command.subject);
    const { subject, finding, reason, expiresAt } = command;
    const there = await findingsThere(tx, subject);
    const holds = await findingHolds(tx, subject, finding);
    return outcome(stream, waiveFinding(await tx.load(stream), there, { subject, finding, reason, expiresAt, holds }));
  },
});
