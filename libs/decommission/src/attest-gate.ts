import { BaseCommand, defineCommand, Is, outcome, type Subject } from '#kernel';
import { attestGate, gatesStream } from './gate-records.js';
import { gatesThere } from './gates-there.js';

export class AttestGate extends BaseCommand {
  @Is.Subject('the legacy pool or deployment')
  readonly subject!: Subject;

  @Is.Name(256, 'name of an attested gate of it')
  readonly gate!: string;

  @Is.Text('what shows that it holds')
  readonly evidence!: string;
}

export const attestGateCommand = defineCommand(AttestGate, {
  summary: 'Attest that a decommissioning gate is met',
  role: 'operator',
  example: {
    subject: 'deployment:gchat07.contoso.com',
    gate: 'backup-kept',
    evidence: 'SQL backup of 4 May on \\\\backup01\\groupchat, restored on a test server',
  },
  subjects: ({ subject }) => [subject],
  handle: async (command, tx) => {
    const stream = gatesStream(command.subject);
    return outcome(stream, attestGate(await tx.load(stream), await gatesThere(tx, command.subject), command));
  },
});
