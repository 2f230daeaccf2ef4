import { Block, itemsIn } from './block.js';
import { changedIn, mayHold } from './search-expression.js';
import type { StoredItem } from './stored-item.js';

const item = (over: Partial<StoredItem>): StoredItem => ({
  position: 1,
  at: 0,
  commandId: 'c1',
  actor: { id: 't1', name: 'Olga', via: 'api' },
  command: 'HomeUser',
  outcome: 'done',
  subjects: ['user:sip:ada@contoso.com'],
  summary: 'sip:ada@contoso.com homed',
  assignments: [],
  reason: null,
  ticket: null,
  refusals: [],
  correlationId: 'r1',
  causationId: 'c1',
  run: null,
  isRun: false,
  events: [1],
  types: ['UserHomed'],
  ...over,
});
const blockOf = (items: readonly StoredItem[]): Block => {
  const block = new Block();
  for (const each of items) block.add(each, true);
  return block;
};
/** What the index is asked for, without quotes. */
const asked = (subject: string): string => mayHold(changedIn(subject)).replaceAll(/[()"]/g, '');
const tokensOf = (block: Block): readonly string[] => block.whole().document.trim().split(' ');

test('an item that changes a subject is found by it, whether it is about the subject or not', () => {
  const pool = 'pool:lync-2013.contoso.com';
  const about = blockOf([
    item({ subjects: [pool], assignments: [{ subject: pool, field: 'status', after: 'sealed' }] }),
  ]);
  const beside = blockOf([item({ assignments: [{ subject: pool, field: 'status', after: 'sealed' }] })]);
  for (const block of [about, beside]) expect(tokensOf(block)).toContain(asked(pool));
  expect(tokensOf(blockOf([item({})]))).not.toContain(asked(pool));
});

test('commands of one client that differ in what they followed from share a header, and are read back as they were', () => {
  const items = [
    item({}),
    item({ position: 2, commandId: 'c2', correlationId: 'r2', causationId: 'c2', events: [2] }),
    item({ position: 3, commandId: 'c3', correlationId: 'r1', causationId: 'r0', events: [3] }),
    item({ position: 4, commandId: 'c4', command: 'GrantPolicy', correlationId: 'r4', causationId: 'c1', events: [4] }),
  ];
  const block = blockOf(items);
  expect(block.row().headers.split('\n')).toHaveLength(2);
  expect(items.map(({ position }) => block.itemAt(position))).toEqual(items);
  const read = Block.read(block.row());
  expect(items.map(({ position }) => read.itemAt(position))).toEqual(items);
  expect(read.row()).toEqual(block.row());
});

test('a block of version 3, in which each cause made a header of its own, is read as it was meant', () => {
  const header = (correlation: string, cause: string): string =>
    `[["t1","Olga","api"],"HomeUser","done",null,null,"${correlation}","${cause}",null,false,["UserHomed"]]`;
  const items = [
    item({}),
    item({ position: 3, commandId: 'c2', correlationId: 'r2', causationId: 'c2', events: [2, 3] }),
  ];
  const line = (n: number, rest: string): string =>
    `[${n},${items[n]?.position},0,"c${n + 1}","sip:ada@contoso.com homed",["user:sip:ada@contoso.com"],[]${rest}]`;
  const stored = {
    headers: `${header('r1', 'c1')}\n${header('r2', 'c2')}`,
    lines: `${line(0, '')}\n${line(1, ',[],[2,3]')}`,
  };
  expect(itemsIn(stored)).toEqual(items);
});
