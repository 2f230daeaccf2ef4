import { BaseCommand, defineCommand, Is, outcome, Refused, subject, write } from '#kernel';
import { contentStream } from '#content';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { recordExport } from './procedure.js';
import { factsOf } from './run-facts.js';

export class RecordExport extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.Text('where the exported file is kept')
  readonly file!: string;

  @Is.Count('how many categories')
  readonly categories!: number;

  @Is.Count('how many rooms')
  readonly rooms!: number;

  @Is.Count('how many add-ins')
  readonly addIns!: number;

  @Is.Name('SHA-256 of the file', { optional: true })
  readonly sha256?: string;
}

export const recordExportCommand = defineCommand(RecordExport, {
  summary: 'Record the export of the content of the source',
  role: 'operator',
  example: { migration: 'tacoma', file: '\\\\backup01\\tacoma.zip', categories: 0, rooms: 0, addIns: 0 },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const decision = recordExport(await factsOf(tx, run), command, tx.actor.id);
    const source = contentStream(run.source);
    if ((await tx.load(source)).exportedFor !== null) return outcome(stream, decision);
    const data = { deployment: run.source, migration: run.migration };
    return outcome(stream, decision, write(source, { type: 'ContentExported', data }));
  },
});
