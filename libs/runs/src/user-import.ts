import type { CommandDefinition } from '#kernel';
import { CommandReader } from './command-reader.js';
import { type Home, homeOf, type RegisteredPools, ShortNames, unknownPool } from './home-pool.js';
import { hasLostLetters, lettersWanted } from './lost-letters.js';
import type { Cell, ReadRow, Row, RowReader, RowStep, RunKind } from './run-kind.js';

const columns = ['SipAddress', 'DisplayName', 'Guid', 'RegistrarPool', 'HomeServer', 'PersistentChatPolicy'] as const;

/** What rows become: the commands by what they are for. */
interface Readers {
  readonly enrol: CommandReader;
  readonly home: CommandReader;
  readonly grant: CommandReader;
  readonly revoke: CommandReader;
}

/** A `Get-CsUser | Export-Csv` file (`domain.md` §2.1). `Enabled` is not read: an account that is off keeps its home and its grant. */
export class UserImport implements RunKind {
  readonly kind = 'users';
  readonly command = 'ImportUsers';
  readonly role = 'operator';
  readonly columns = columns.map((name) => ({ name, required: name === 'SipAddress' }));
  private readonly readers: Readers;

  /** `commands` hold at least `EnrolUser`, `HomeUser`, `GrantPolicy` and `RevokePolicy`. */
  constructor(
    commands: readonly CommandDefinition[],
    private readonly registeredPools: RegisteredPools,
  ) {
    const reader = (name: string): CommandReader => {
      const definition = commands.find((command) => command.name === name);
      if (!definition) throw new Error(`the import of users needs the command ${name}`);
      return new CommandReader(definition);
    };
    this.readers = {
      enrol: reader('EnrolUser'),
      home: reader('HomeUser'),
      grant: reader('GrantPolicy'),
      revoke: reader('RevokePolicy'),
    };
  }

  open(): RowReader {
    return new UserRows(this.readers, new ShortNames(this.registeredPools));
  }
}

class UserRows implements RowReader {
  constructor(
    private readonly readers: Readers,
    private readonly shortNames: ShortNames,
  ) {}

  async read(rows: readonly Row[]): Promise<readonly ReadRow[]> {
    const homes = rows.map(({ cells }) => homeOf(cells[3], cells[4]));
    await this.shortNames.prepare(homes.flatMap((home) => (home.kind === 'short-name' ? [home.name] : [])));
    return rows.map((row, index) => this.readRow(row, homes[index]!));
  }

  private readRow({ cells, problem }: Row, home: Home): ReadRow {
    if (problem !== undefined) return { problem: { column: null, value: null, message: problem } };
    const [sipAddress = '', displayName = '', guid = '', registrarPool = '', homeServer = '', policy] = cells;
    const user = { column: 'SipAddress', value: sipAddress };
    const name = { column: 'DisplayName', value: inOneLine(displayName) };
    if (hasLostLetters(displayName)) return { problem: { ...name, message: lettersWanted } };
    const enrolled = this.readers.enrol.read({ user, displayName: name, guid: { column: 'Guid', value: guid } }, user);
    if ('problem' in enrolled) return enrolled;
    const steps: RowStep[] = [enrolled];
    if (home.kind !== 'none') {
      const homed = this.homed(user, home, { RegistrarPool: registrarPool, HomeServer: homeServer });
      if ('problem' in homed) return homed;
      steps.push(homed);
    }
    if (policy !== undefined) {
      const granted = this.granted(user, policy);
      if ('problem' in granted) return granted;
      steps.push(granted);
    }
    return { steps };
  }

  private homed(
    user: Cell,
    home: Exclude<Home, { readonly kind: 'none' }>,
    cells: Readonly<Record<'RegistrarPool' | 'HomeServer', string>>,
  ): ReturnType<CommandReader['read']> {
    const column = home.kind === 'pool' ? home.column : home.kind === 'short-name' ? 'HomeServer' : 'RegistrarPool';
    const from = { column, value: cells[column] };
    const found =
      home.kind === 'pool'
        ? home
        : home.kind === 'short-name'
          ? this.shortNames.find(home.name)
          : { refusal: unknownPool(home.name) };
    if ('pool' in found) return this.readers.home.read({ user, pool: { column, value: found.pool } }, from);
    const step = this.readers.home.read({ user }, from);
    if ('problem' in step) return step;
    // As it was asked for, for the audit: no parser would take it for a pool's FQDN.
    Object.assign(step.command, { pool: 'name' in home ? home.name.slice(0, 255).toWellFormed() : undefined });
    return { ...step, refusals: [found.refusal] };
  }

  private granted(user: Cell, policy: string): ReturnType<CommandReader['read']> {
    const cell = { column: 'PersistentChatPolicy', value: policy };
    const { grant, revoke } = this.readers;
    const read =
      policy === ''
        ? revoke.read({ user }, cell)
        : grant.read({ user, policy: { ...cell, value: policyId(policy) } }, cell);
    return 'problem' in read ? { problem: { ...read.problem, value: policy } } : read;
  }
}

/** A name that the directory holds in several lines is the same name in one. */
function inOneLine(name: string): string {
  return name.replaceAll(/\s*[\r\n]+\s*/g, ' ');
}

/** PowerShell writes the policy's name without `Tag:`; only such a policy can be granted. */
function policyId(name: string): string {
  return /^(global$|site:|tag:)/i.test(name) ? name : `tag:${name}`;
}
