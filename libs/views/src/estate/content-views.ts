import type { Database } from 'better-sqlite3';
import { foldCase, type JsonSchema } from '#kernel';
import { Asked } from '../parameters.js';
import { cursorAfter, keyOf } from '../paging.js';
import { count, flag, orNull, shape, text, words } from '../schemas.js';
import { row, rows } from '../storage/prepared.js';
import type { ListAnswer, ViewDefinition, ViewParameter, ViewQuery } from '../view.js';

/** One of the three kinds of content, all of them lists by name of one deployment. */
interface Kind {
  readonly path: string;
  readonly summary: string;
  readonly table: string;
  readonly columns: string;
  readonly filters: Readonly<Record<string, { readonly parameter: ViewParameter; readonly sql: string }>>;
  readonly item: JsonSchema;
  readonly show: (row: Row) => object;
}

type Row = Readonly<Record<string, string | number | null>>;

const carriedOverFrom = orNull(shape({ deployment: text, name: text }));
const roomsWith = (column: string): string =>
  `(select count(*) from content.room r where r.deployment = t.deployment and r.${column} = t.key
    and r.valid_to > @at and r.valid_from <= @at) as rooms`;
const roomsThat = (column: string, condition: string): string =>
  `exists (select 1 from content.room r where r.deployment = t.deployment and r.${column} = t.key
    and r.valid_to > @at and r.valid_from <= @at and ${condition})`;
const q = { parameter: Asked.text('part of the name, ignoring case'), sql: 'instr(t.key, @q) > 0' };

const kinds: readonly Kind[] = [
  {
    path: '/api/categories',
    summary: 'Categories of a deployment',
    table: 'category',
    columns: `t.name, t.parent, t.invitations, t.file_upload, t.chat_history, ${roomsWith('category_key')}`,
    filters: {
      category: { parameter: Asked.name('the category of this name'), sql: 't.key = @category' },
      q,
      excluded: {
        parameter: Asked.flag(
          'true: categories that hold rooms excluded from their migration; false: those that hold none',
        ),
        sql: `${roomsThat('category_key', 'r.excluded = 1')} = @excluded`,
      },
    },
    item: shape({
      deployment: text,
      category: text,
      parent: orNull(text),
      invitations: flag,
      fileUpload: flag,
      chatHistory: flag,
      rooms: count,
      carriedOverFrom,
    }),
    show: (row) => ({
      deployment: row['deployment'],
      category: row['name'],
      parent: row['parent'],
      invitations: row['invitations'] === 1,
      fileUpload: row['file_upload'] === 1,
      chatHistory: row['chat_history'] === 1,
      rooms: row['rooms'],
      carriedOverFrom: origin(row),
    }),
  },
  {
    path: '/api/rooms',
    summary: 'Rooms of a deployment',
    table: 'room',
    columns: 't.name, t.category, t.type, t.privacy, t.add_in, t.excluded',
    filters: {
      category: { parameter: Asked.name('rooms of this category'), sql: 't.category_key = @category' },
      q,
      excluded: { parameter: Asked.flag('excluded from their migration, or not'), sql: 't.excluded = @excluded' },
    },
    item: shape({
      deployment: text,
      room: text,
      category: text,
      type: words('normal', 'auditorium'),
      privacy: words('open', 'closed', 'secret'),
      addIn: orNull(text),
      excluded: flag,
      carriedOverFrom,
    }),
    show: (row) => ({
      deployment: row['deployment'],
      room: row['name'],
      category: row['category'],
      type: row['type'],
      privacy: row['privacy'],
      addIn: row['add_in'],
      excluded: row['excluded'] === 1,
      carriedOverFrom: origin(row),
    }),
  },
  {
    path: '/api/add-ins',
    summary: 'Add-ins of a deployment',
    table: 'add_in',
    columns: `t.name, t.url, ${roomsWith('add_in_key')}`,
    filters: {
      category: {
        parameter: Asked.name('add-ins that rooms of this category use'),
        sql: roomsThat('add_in_key', 'r.category_key = @category'),
      },
      q,
      excluded: {
        parameter: Asked.flag(
          'true: add-ins that rooms excluded from their migration use; false: those that no such room uses',
        ),
        sql: `${roomsThat('add_in_key', 'r.excluded = 1')} = @excluded`,
      },
    },
    item: shape({ deployment: text, addIn: text, url: text, rooms: count, carriedOverFrom }),
    show: (row) => ({
      deployment: row['deployment'],
      addIn: row['name'],
      url: row['url'],
      rooms: row['rooms'],
      carriedOverFrom: origin(row),
    }),
  },
];

export const contentViews: readonly ViewDefinition[] = kinds.map((kind) => ({
  path: kind.path,
  summary: kind.summary,
  kind: 'list',
  parameters: {
    deployment: { ...Asked.deployment('FQDN of the chat pool'), required: true },
    ...Object.fromEntries(Object.entries(kind.filters).map(([name, { parameter }]) => [name, parameter])),
  },
  projections: ['content'],
  item: kind.item,
  run: (db, query) => list(db, kind, query),
}));

function list(db: Database, kind: Kind, { at, input, limit, cursor }: ViewQuery): ListAnswer {
  const [after] = keyOf(kind.path, cursor) ?? [];
  const asked = Object.entries(kind.filters).filter(([name]) => input[name] !== undefined);
  const where = [
    't.deployment = @deployment',
    't.valid_from <= @at',
    't.valid_to > @at',
    ...asked.map(([, { sql }]) => sql),
  ].join(' and ');
  const values = Object.fromEntries(asked.map(([name]) => [name, bound(input[name])]));
  const parameters = { ...values, at, deployment: input['deployment'] };
  const table = `content.${kind.table}`;
  const counted = row<{ total: number }>(db, `select count(*) as total from ${table} t where ${where}`, parameters);
  const page = rows<Row>(
    db,
    `select t.key, t.deployment, t.carried_from, t.carried_name, ${kind.columns} from ${table} t
     where ${where} ${after === undefined ? '' : 'and t.key > @after'} order by t.key limit @more`,
    { ...parameters, more: limit + 1, ...(after !== undefined && { after }) },
  );
  const items = page.slice(0, limit);
  const last = items.at(-1);
  const next = page.length > limit && last ? cursorAfter(kind.path, [String(last['key'])]) : null;
  return { items: items.map(kind.show), next, total: counted?.total ?? 0 };
}

function bound(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : typeof value === 'string' ? foldCase(value) : value;
}

function origin({ carried_from: deployment, carried_name: name }: Row): object | null {
  return deployment === null ? null : { deployment, name };
}
