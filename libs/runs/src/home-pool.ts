import { parseFqdn, type Refusal } from '#kernel';

/** Where a `Get-CsUser` row says that its user is homed. */
export type Home =
  | { readonly kind: 'none' }
  | { readonly kind: 'pool'; readonly column: 'RegistrarPool' | 'HomeServer'; readonly pool: string }
  | { readonly kind: 'short-name'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name: string };

const distinguishedNameMax = 2000;

/**
 * `RegistrarPool` where it is an FQDN. For OCS users it is the literal `<Office Communications Server>`, for others at times a number
 * (`domain.md` §2.1): then the pool is the one that the distinguished name in `HomeServer` lies in.
 */
export function homeOf(registrarPool = '', homeServer = ''): Home {
  if (registrarPool === '' && homeServer === '') return { kind: 'none' };
  const registrar = parseFqdn(registrarPool);
  if (registrar.problem === undefined) return { kind: 'pool', column: 'RegistrarPool', pool: registrar.value };
  const name = poolInDistinguishedName(homeServer) ?? homeServer;
  if (name === '') return { kind: 'unknown', name: registrarPool };
  const pool = parseFqdn(name);
  return pool.problem === undefined
    ? { kind: 'pool', column: 'HomeServer', pool: pool.value }
    : { kind: 'short-name', name };
}

/** `CN=Lc Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…` */
function poolInDistinguishedName(name: string): string | undefined {
  if (name.length > distinguishedNameMax) return undefined;
  const parts = name.split(',').map((part) => part.trim());
  const pools = parts.findIndex((part) => part.toLowerCase() === 'cn=pools');
  return /^cn=(.+)$/i.exec(parts[pools - 1] ?? '')?.[1]?.trim();
}

/** FQDNs of the registered pools, as new as the log's end was at the call. */
export type RegisteredPools = () => Promise<readonly string[]>;

/** How long an answer is good enough for names that it does not hold. */
const freshMilliseconds = 5000;

/** Finds registered pools by their short names. */
export class ShortNames {
  private pools: readonly string[] = [];
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly registeredPools: RegisteredPools) {}

  /** Makes sure that what is known of the pools will do for these names. */
  async prepare(names: readonly string[]): Promise<void> {
    const now = performance.now();
    if (now - this.askedAt < freshMilliseconds || names.every((name) => !this.find(name).refusal)) return;
    this.pools = await this.registeredPools();
    this.askedAt = now;
  }

  /** The pool whose FQDN begins with this name, or why there is no such one. */
  find(name: string): { readonly pool: string; readonly refusal?: undefined } | { readonly refusal: Refusal } {
    const host = name.toLowerCase();
    const [pool, ...others] = this.pools.filter((each) => each.slice(0, each.indexOf('.')) === host);
    if (pool === undefined) return { refusal: unknownPool(name) };
    if (others.length === 0) return { pool };
    const all = [pool, ...others].slice(0, 5).join(', ');
    const detail = `the name ${name} is that of several pools, ${all}; give the FQDN as RegistrarPool`;
    return { refusal: { rule: 'homing.unknown-pool', detail } };
  }
}

export function unknownPool(name: string): Refusal {
  const detail = `no registered pool has the name ${name.slice(0, 200)}; register it, or give its FQDN as RegistrarPool`;
  return { rule: 'homing.unknown-pool', detail };
}
