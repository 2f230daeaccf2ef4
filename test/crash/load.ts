import type { Answer, TestServer } from '../server.js';

/** A command that was sent to a server that may have died over it. */
export interface Sent {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly key: string | undefined;
  /** Undefined: nobody knows whether it was done. */
  readonly answer: Answer | undefined;
}

export const pools = ['fe13a.contoso.com', 'fe13b.contoso.com', 'ocs01.contoso.com'];
const policies = ['tag:traders', 'tag:support'];

/** The estate that the load is about. */
export const estate: readonly (readonly [path: string, fields: Readonly<Record<string, unknown>>])[] = [
  ['register-site', { site: 'Redmond' }],
  ['register-pool', { pool: pools[0], generation: 'lync-2013', site: 'Redmond' }],
  ['register-pool', { pool: pools[1], generation: 'lync-2013', site: 'Redmond' }],
  ['register-pool', { pool: pools[2], generation: 'ocs-2007-r2', site: 'Redmond' }],
  ['create-policy', { policy: policies[0], enabled: true }],
  ['create-policy', { policy: policies[1] }],
];

const writers = 16;
const commandsMax = 20_000;

/** Keeps sending, several at a time, until the server is gone: every user is enrolled, homed twice, and granted a policy. */
export async function loadUntilDeath(
  server: TestServer,
  round: number,
  sent: Sent[],
  alive: () => boolean,
): Promise<void> {
  const writer = async (number: number): Promise<void> => {
    for (let index = 0; alive() && sent.length < commandsMax; index++) {
      const user = `sip:r${round}-w${number}-${index}@contoso.com`;
      const commands: readonly (readonly [string, Record<string, string>])[] = [
        ['enrol-user', { user, displayName: `Пользователь ${index}` }],
        ['home-user', { user, pool: pools[index % pools.length]! }],
        ['home-user', { user, pool: pools[(index + 1) % pools.length]! }],
        ['grant-policy', { user, policy: index % 5 === 0 ? 'tag:nobody' : policies[index % 2]! }],
      ];
      for (const [path, fields] of commands) {
        if (!alive()) return;
        const key = index % 2 === 0 ? `${user} ${path} ${fields['pool'] ?? ''}` : undefined;
        const answer = await send(server, { path, fields, key });
        sent.push({ path, fields, key, answer });
        if (!answer) return;
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, number) => writer(number)));
}

/** Undefined where no whole answer came back. */
export async function send(
  server: TestServer,
  { path, fields, key }: Omit<Sent, 'answer'>,
): Promise<Answer | undefined> {
  try {
    return await server.send(path, fields, key === undefined ? {} : { 'idempotency-key': encodeURIComponent(key) });
  } catch {
    return undefined;
  }
}

/** A file as `Get-CsUser | Export-Csv` writes it, cut down to the columns that are read. */
export function userFile(round: number, rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `"Импорт ${row}","sip:import${round}-${row}@contoso.com","${pools[row % pools.length]}","${row % 10 === 0 ? 'traders' : ''}"`,
  );
  return ['"DisplayName","SipAddress","RegistrarPool","PersistentChatPolicy"', ...lines, ''].join('\r\n');
}
