import { BaseCommand, defineCommand, Is, outcome, type Subject } from '#kernel';
import { findingsStream, resolveFinding } from './finding-records.js';
import { findingsThere } from './findings-there.js';

export class ResolveFinding extends BaseCommand {
  @Is.Subject('what the finding is about')
  readonly subject!: Subject;

  @Is.Name('name of the finding')
  readonly finding!: string;

  @Is.Text('what was done about it')
  readonly resolution!: string;
}

export const resolveFindingCommand = defineCommand(ResolveFinding, {
  summary: 'Resolve a finding that came with the plan of a migration',
  role: 'operator',
  example: {
    subject: 'migration:tacoma',
    finding: 'prepare.same-forest',
    resolution: 'both are in contoso.com',
  },
  subjects: ({ subject }) => [subject],
  handle: async (command, tx) => {
    const stream = findingsStream(command.subject);
    return outcome(stream, resolveFinding(await tx.load(stream), await findingsThere(tx, command.subject), command));
  },
});
