import { BaseCommand, defineCommand, Is, outcome, type Subject } from '#kernel';
import { gatesStream, waiveGate } from './gate-records.js';
import { gatesThere } from './gates-there.js';

export class WaiveGate extends BaseCommand {
  @Is.Subject('the legacy pool or deployment')
  readonly subject!: Subject;

  @Is.Name('name of an attested gate of it')
  readonly gate!: string;

  @Is.TextUpTo(1000, 'why it need not be met')
  declare readonly reason: string;

  @Is.Instant('when the waiver lapses, at once where that is past; never where absent', { optional: true })
  readonly expiresAt?: string;
}

export const waiveGateCommand = defineCommand(WaiveGate, {
  summary: 'Waive a decommissioning gate',
  role: 'approver',
  example: {
    subject: 'pool:lync10-tacoma.contoso.com',
    gate: 'call-admission-rehosted',
    reason: 'call admission control was never used in this site',
  },
  subjects: ({ subject }) => [subject],
  handle: async (command, tx) => {
    const stream = gatesStream(command.subject);
    return outcome(stream, waiveGate(await tx.load(stream), await gatesThere(tx, command.subject), command));
  },
});
