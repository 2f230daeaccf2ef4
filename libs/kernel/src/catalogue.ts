/** A product generation and what is particular to it. A later generation is a row here (`domain.md` §7). */
export interface Generation {
  readonly id: string;
  readonly product: string;
  /** Group Chat is left behind, Persistent Chat is what everybody moves to. */
  readonly chat: 'group-chat' | 'persistent-chat';
  /** Its release year, for columns in time order. */
  readonly released: number;
}

export const generations = [
  { id: 'ocs-2007-r2', product: 'Office Communications Server 2007 R2', chat: 'group-chat', released: 2009 },
  { id: 'lync-2010', product: 'Lync Server 2010', chat: 'group-chat', released: 2010 },
  { id: 'lync-2013', product: 'Lync Server 2013', chat: 'persistent-chat', released: 2012 },
] as const satisfies readonly Generation[];

export type GenerationId = (typeof generations)[number]['id'];
export const generationIds: readonly GenerationId[] = generations.map(({ id }) => id);

export function isLegacy(generation: GenerationId): boolean {
  return generations.some(({ id, chat }) => id === generation && chat === 'group-chat');
}

export const clients = ['lync-2013', 'group-chat-2010', 'group-chat-2007-r2'] as const;
export type ClientId = (typeof clients)[number];
