import { type Decision, type PolicyId, Refused, refusedBy, type SipUri } from '#kernel';
import { isGrantable, type Policy, unknownPolicy } from '#policy';
import { type KnownUser, type PolicyRevoked, unknownUser, type User, type UserEvent, userIsGone } from './user.js';

/** The end of a user's grant; nothing where there is none. */
export function revoked(
  { user, granted: policy }: KnownUser,
  because: PolicyRevoked['data']['because'],
): readonly PolicyRevoked[] {
  return policy === null ? [] : [{ type: 'PolicyRevoked', data: { user, policy, because } }];
}

export function grantPolicy(
  state: User,
  { user, policy }: { readonly user: SipUri; readonly policy: PolicyId },
  policyState: Policy,
): Decision<UserEvent> {
  const refused = refusedBy(
    userIsGone(user, state),
    !policyState && unknownPolicy(policy),
    !isGrantable(policy) && {
      rule: 'policy.not-grantable',
      detail: `${policy} is not granted to users; only tag: policies are`,
    },
  );
  if (refused) return refused;
  if (!policyState || state?.granted === policyState.policy) return [];
  return [{ type: 'PolicyGranted', data: { user, policy: policyState.policy } }];
}

export function revokePolicy(state: User, user: SipUri): Decision<UserEvent> {
  return state ? revoked(state, 'asked') : new Refused([unknownUser(user)]);
}
