import { type ClientId, type GenerationId, isLegacy, type Refusal } from '#kernel';
import type { PolicyValue } from '#policy';
import { deploymentIsGone, type Status } from '#topology';
import { userIsGone } from './user.js';

/** The pool a user is homed on. */
export interface Home {
  readonly pool: string;
  readonly generation: GenerationId;
}

/** What access rests on; null for a user or a deployment that is unknown. */
export interface AccessFacts {
  readonly user: { readonly retired: boolean } | null;
  readonly deployment: {
    readonly generation: GenerationId;
    readonly status: Status;
    readonly legacyEndpoints: readonly string[];
  } | null;
  readonly home: Home | null;
  /** The user's effective policy; null where it was not asked for, as for a Group Chat client. */
  readonly effective: PolicyValue | null;
}

export interface Access {
  readonly reachable: boolean;
  readonly refusals: readonly Refusal[];
}

/** Whether a user's client reaches a deployment, and every rule that says no: the rules of `ConnectClient`. */
export function accessOf(
  { user, client, deployment }: { readonly user: string; readonly client: ClientId; readonly deployment: string },
  facts: AccessFacts,
): Access {
  const rules = [
    userIsGone(user, facts.user),
    deploymentIsGone(deployment, facts.deployment),
    facts.deployment && clientRefusal(client, deployment, facts.deployment),
    ...(client === 'lync-2013' && facts.user?.retired === false ? notReady(user, facts.home, facts.effective) : []),
  ];
  const refusals = rules.filter((rule) => rule !== undefined && rule !== null);
  return { reachable: refusals.length === 0, refusals };
}

/** The two reasons for which a user is not ready for the Lync 2013 client; each is told, also beside the other. */
export function notReady(user: string, home: Home | null, effective: PolicyValue | null): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (home?.generation !== 'lync-2013')
    refusals.push({
      rule: 'client.not-homed-on-2013',
      detail: `${user} is homed ${home ? `on ${home.pool}, which is ${home.generation}` : 'nowhere'}; home the user on a lync-2013 pool`,
    });
  if (effective && !effective.enabled)
    refusals.push({
      rule: 'client.policy-disabled',
      detail: `the effective policy of ${user}, ${effective.policy}, does not enable persistent chat`,
    });
  return refusals;
}

function clientRefusal(
  client: ClientId,
  deployment: string,
  { generation, legacyEndpoints }: NonNullable<AccessFacts['deployment']>,
): Refusal | undefined {
  if (client === 'lync-2013')
    return generation === 'lync-2013'
      ? undefined
      : {
          rule: 'client.other-generation',
          detail: `${deployment} is ${generation}; the Lync 2013 client reaches only a lync-2013 deployment`,
        };
  return isLegacy(generation) || legacyEndpoints.length > 0
    ? undefined
    : {
        rule: 'client.no-legacy-endpoint',
        detail: `${deployment} has no legacy endpoint, through which alone a Group Chat client reaches it`,
      };
}
