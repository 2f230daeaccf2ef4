import { BaseCommand, defineCommand, Is, outcome, type Subject } from '#kernel';
import { attestGate, gatesStream } from './gate-records.js';
import { gatesThere } from './gates-there.js';

export class AttestGate extends BaseCommand {
  @Is.Subject('the legacy pool or deployment')
  readonly subject!: Subject;

  @Is.Name('name of an attested gate of it')
  readonly gate!: string;

  @Is.Text('what shows that it holds')
  readonly evidence!: string;
}

export const attestGateCommand = defineCommand(AttestGate, {
  summary: 'Attest that a decommissioning gate is met',
  role: 'operator',
  example: {
    subject: 'deployment:gchat10-tacoma.contoso.com',
    gate: 'backup-kept',
    evidence: 'SQL backup of 4 May on \\\\backup01\\groupchat, restored on a test server',
  },
  moreExamples: {
    'group-chat-uninstalled': {
      subject: 'deployment:gchat10-tacoma.contoso.com',
      gate: 'group-chat-uninstalled',
      evidence: 'uninstalled from gc-tacoma-01, 6 May',
    },
    'trusted-application-removed': {
      subject: 'deployment:gchat10-tacoma.contoso.com',
      gate: 'trusted-application-removed',
      evidence: 'Get-CsTrustedApplicationPool lists it no more',
    },
    'contact-objects-moved': {
      subject: 'pool:lync10-tacoma.contoso.com',
      gate: 'contact-objects-moved',
      evidence: 'Get-CsExUmContact finds none on it',
    },
    'conference-directories-moved': {
      subject: 'pool:lync10-tacoma.contoso.com',
      gate: 'conference-directories-moved',
      evidence: 'directory 9 is on pool13-tacoma.contoso.com',
    },
    'central-management-moved': {
      subject: 'pool:lync10-tacoma.contoso.com',
      gate: 'central-management-moved',
      evidence: 'Central management never stood there',
    },
    'dns-records-updated': {
      subject: 'pool:lync10-tacoma.contoso.com',
      gate: 'dns-records-updated',
      evidence: '_sipinternaltls leads to pool13-tacoma.contoso.com',
    },
  },
  subjects: ({ subject }) => [subject],
  handle: async (command, tx) => {
    const stream = gatesStream(command.subject);
    return outcome(stream, attestGate(await tx.load(stream), await gatesThere(tx, command.subject), command));
  },
});
