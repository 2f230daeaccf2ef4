import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import {
  byteOrderMark,
  call,
  type GenerationOf,
  heading,
  lines,
  type Phase,
  phases,
  remark,
  scriptHead,
  type Step,
  stepOf,
} from '#powershell';
import type { KnownPlan } from './plan.js';
import { type PlannedRow, readPlanned } from './planned-rows.js';

/**
 * What a plan does, as a script of the servers' own cmdlets, part by part in the order in which they have to be run; each line names the
 * row that it stands for. A pass through the rows for each part, so that none of them is ever in memory.
 */
export async function* planScript(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: KnownPlan,
  generationOf: GenerationOf,
): AsyncGenerator<string, void, undefined> {
  const rows = () => rowsToDo(log, catalogue, plan.plan);
  yield byteOrderMark + scriptHead(about(plan));
  const used = new Set<Phase>();
  for await (const page of rows())
    for (const row of page) for (const { phase } of stepsOf(row, generationOf)) used.add(phase);
  for (const { phase, title } of phases) {
    if (!used.has(phase)) continue;
    yield heading(title);
    for await (const page of rows())
      yield lines(
        ...page.flatMap((row) =>
          stepsOf(row, generationOf)
            .filter((step) => step.phase === phase)
            .map((step) => lineOf(row, step)),
        ),
      );
  }
  yield* withoutCmdlets(rows(), catalogue, generationOf);
}

/** Kinds of files that come from the servers themselves. */
const mirrored: ReadonlySet<string> = new Set(['users', 'content']);

function about({ plan, hash, kind, source, position, counts, expiresAt }: KnownPlan): readonly string[] {
  const { done, unchanged, refused, invalid } = counts;
  const what =
    'command' in source
      ? `${source.command} ${JSON.stringify(source.fields)} for the users that pass ${JSON.stringify(source.for.users)}`
      : `the file ${source.file.name ?? source.file.sha256} of ${kind}`;
  return [
    `Plan ${plan}: ${what}, as of position ${position}.`,
    `${done} rows to do; left out are ${unchanged} that change nothing, ${refused} that rules refuse and ${invalid} that are invalid.`,
    `Hash ${hash}; the plan can be applied in Homeward until ${expiresAt}.`,
    ...('file' in source && mirrored.has(kind)
      ? [
          'The file says what the servers held when it was exported: where they still hold it, there is nothing left to run.',
        ]
      : []),
  ];
}

async function* rowsToDo(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: string,
): AsyncGenerator<readonly PlannedRow[], void, undefined> {
  for await (const { rows } of readPlanned(log, catalogue, plan))
    yield rows.filter(({ outcome }) => outcome === 'done');
}

function stepsOf({ events = [] }: PlannedRow, generationOf: GenerationOf): readonly Step[] {
  return events.map((event) => stepOf(event, generationOf)).filter((step) => step !== undefined);
}

function lineOf(row: PlannedRow, step: Step): string {
  return 'byHand' in step ? remark(`${nameOf(row)}, by hand: ${step.byHand}`) : call(step.cmdlet, nameOf(row));
}

function nameOf({ row, line }: PlannedRow): string {
  return line === undefined ? `row ${row}` : `row ${row}, line ${line}`;
}

async function* withoutCmdlets(
  pages: AsyncIterable<readonly PlannedRow[]>,
  catalogue: EventCatalogue,
  generationOf: GenerationOf,
): AsyncGenerator<string, void, undefined> {
  let isFirst = true;
  for await (const page of pages) {
    const told = page
      .filter((row) => stepsOf(row, generationOf).length === 0)
      .map((row) => remark(`${nameOf(row)}: ${sayOf(catalogue, row)}`));
    if (told.length === 0) continue;
    yield (isFirst ? heading('Rows that no cmdlet does') : '') + lines(...told);
    isFirst = false;
  }
}

function sayOf(catalogue: EventCatalogue, { events = [] }: PlannedRow): string {
  return events.map(({ type, data }) => catalogue[type]?.say(data) ?? type).join('; ');
}
