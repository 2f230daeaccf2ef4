import { clients, type Decision, type PoolId, Refused, refusedBy, type SipUri, type Transaction } from '#kernel';
import { loadEffectivePolicy, type PolicyValue } from '#policy';
import { type Pool, poolStream, poolTakesNone } from '#topology';
import { type Home, notReady } from './access.js';
import { disconnected } from './connections.js';
import { revoked } from './grants.js';
import { type KnownUser, unknownUser, type User, type UserEvent, userIsGone } from './user.js';

/** A pool to home a user on. */
export interface NewHome {
  readonly wanted: PoolId;
  readonly pool: Pool;
  /** What the user's Lync 2013 connection rests on, before the move and after it; null where there is none that could end. */
  readonly readiness: { readonly before: Readiness; readonly after: Readiness } | null;
}

interface Readiness {
  readonly home: Home | null;
  readonly effective: PolicyValue;
}

export async function loadNewHome(tx: Transaction, user: User, wanted: PoolId): Promise<NewHome> {
  const pool = await tx.load(poolStream(wanted));
  if (user?.clients['lync-2013'] === undefined || user.pool === wanted || !pool)
    return { wanted, pool, readiness: null };
  const left = user.pool === null ? null : await tx.load(poolStream(user.pool));
  const readiness = { before: await readinessOn(tx, user, left), after: await readinessOn(tx, user, pool) };
  return { wanted, pool, readiness };
}

async function readinessOn(tx: Transaction, { granted }: KnownUser, home: Pool): Promise<Readiness> {
  return { home, effective: await loadEffectivePolicy(tx, granted, home?.site ?? null) };
}

export interface Enrolment {
  readonly user: SipUri;
  readonly displayName?: string;
  readonly guid?: string;
}

/** `home` is absent where the command names no pool. */
export function enrolUser(state: User, wanted: Enrolment, home: NewHome | undefined): Decision<UserEvent> {
  const refused = refusedBy(home && homeRefusal(state, home));
  if (refused) return refused;
  const enrolled = described(state, wanted);
  const known = state && !state.retired ? state : newcomer(wanted.user);
  return home ? [...enrolled, ...homed(known, home)] : enrolled;
}

export function homeUser(state: User, user: SipUri, home: NewHome): Decision<UserEvent> {
  const refused = refusedBy(userIsGone(user, state), homeRefusal(state, home));
  if (refused) return refused;
  return state ? homed(state, home) : [];
}

export function retireUser(state: User, user: SipUri): Decision<UserEvent> {
  if (!state) return new Refused([unknownUser(user)]);
  if (state.retired) return [];
  return [
    ...clients.flatMap((client) => disconnected(state, client, 'user-retired')),
    ...revoked(state, 'user-retired'),
    { type: 'UserRetired', data: { user } },
  ];
}

/** Why the pool does not take the user. Who is there already stays on a sealed pool. */
function homeRefusal(state: User, { wanted, pool }: NewHome) {
  return state?.pool === wanted && pool?.status === 'sealed' ? undefined : poolTakesNone(wanted, pool, 'homing');
}

function homed(state: KnownUser, { wanted, readiness }: NewHome): readonly UserEvent[] {
  if (state.pool === wanted) return [];
  const ends = readiness !== null && makesIllegal(state.user, readiness);
  return [
    { type: 'UserHomed', data: { user: state.user, from: state.pool, to: wanted } },
    ...(ends ? disconnected(state, 'lync-2013', 'user-homed') : []),
  ];
}

/** Whether the new home says no for a reason that did not hold before: what was illegal all along is not the move's to end. */
function makesIllegal(user: SipUri, { before, after }: NonNullable<NewHome['readiness']>): boolean {
  const held = notReady(user, before.home, before.effective).map(({ rule }) => rule);
  return notReady(user, after.home, after.effective).some(({ rule }) => !held.includes(rule));
}

function described(state: User, { user, displayName, guid }: Enrolment): readonly UserEvent[] {
  if (!state || state.retired)
    return [{ type: 'UserEnrolled', data: { user, ...given(displayName ?? state?.displayName, guid ?? state?.guid) } }];
  const differs = given(
    displayName === state.displayName ? undefined : displayName,
    guid === state.guid ? undefined : guid,
  );
  return Object.keys(differs).length === 0 ? [] : [{ type: 'UserDescribed', data: { user, ...differs } }];
}

function given(displayName: string | null | undefined, guid: string | null | undefined): Omit<Enrolment, 'user'> {
  return { ...(displayName == null ? {} : { displayName }), ...(guid == null ? {} : { guid }) };
}

function newcomer(user: SipUri): KnownUser {
  return { user, displayName: null, guid: null, pool: null, granted: null, clients: {}, retired: false };
}
