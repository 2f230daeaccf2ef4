import { BaseCommand, defineCommand, Is, outcome, Refused, type SipUri, subject, write } from '#kernel';
import { endpointStream } from '#topology';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { deleteLookupAccount } from './procedure.js';

export class DeleteLookupAccount extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.SipUri('the SIP address of the account')
  readonly uri!: SipUri;
}

export const deleteLookupAccountCommand = defineCommand(DeleteLookupAccount, {
  summary: 'Record that a lookup account of the source is deleted',
  role: 'operator',
  example: { migration: 'tacoma', uri: 'sip:ocschat-tacoma@contoso.com' },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const decision = deleteLookupAccount(run, command);
    const endpoint = endpointStream(command.uri);
    const { migration } = run;
    const forgotten = { type: 'LookupAccountForgotten', data: { uri: command.uri, migration } } as const;
    const isKnown = (await tx.load(endpoint)).lookupAccountOf.includes(migration);
    return isKnown ? outcome(stream, decision, write(endpoint, forgotten)) : outcome(stream, decision);
  },
});
