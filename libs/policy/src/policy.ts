import {
  type Decision,
  describeEvents,
  type DomainEvent,
  neverEvent,
  type PolicyId,
  type Refusal,
  Refused,
  refusedBy,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
} from '#kernel';
import { type Site, unknownSite } from '#topology';

interface Named {
  /** As first written; for a site's policy in the site's own spelling. */
  readonly policy: PolicyId;
}
export type PolicyCreated = DomainEvent<'PolicyCreated', Named & { readonly enabled: boolean }>;
export type PolicyEnabled = DomainEvent<'PolicyEnabled', Named>;
export type PolicyDisabled = DomainEvent<'PolicyDisabled', Named>;
export type PolicyReset = DomainEvent<'PolicyReset', Named>;
/** The door before a removal: a grant from now on takes it back in the append that grants. */
export type PolicyRemovalBegun = DomainEvent<'PolicyRemovalBegun', Named>;
export type PolicyRemovalWithdrawn = DomainEvent<'PolicyRemovalWithdrawn', Named>;
export type PolicyRemoved = DomainEvent<'PolicyRemoved', Named>;
export type PolicyEvent =
  | PolicyCreated
  | PolicyEnabled
  | PolicyDisabled
  | PolicyReset
  | PolicyRemovalBegun
  | PolicyRemovalWithdrawn
  | PolicyRemoved;

/** The site a `site:` policy is for; undefined for other policies. */
export const siteOfPolicy = (policy: PolicyId): string | undefined =>
  policy.startsWith('site:') ? policy.slice('site:'.length) : undefined;

const itself = ({ policy }: Named) => {
  const site = siteOfPolicy(policy);
  return site === undefined ? [subject.policy(policy)] : [subject.policy(policy), subject.site(site)];
};

export const policyEvents = describeEvents<PolicyEvent>({
  PolicyCreated: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ policy, enabled }) => `created the policy ${policy}, ${enabled ? 'enabled' : 'disabled'}`,
  },
  PolicyEnabled: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ policy }) => `enabled the policy ${policy} (was disabled)`,
  },
  PolicyDisabled: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ policy }) => `disabled the policy ${policy} (was enabled)`,
  },
  PolicyReset: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ policy }) => `reset the policy ${policy} to disabled (was enabled)`,
  },
  PolicyRemovalBegun: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ policy }) => `began to remove the policy ${policy}`,
    internal: true,
  },
  PolicyRemovalWithdrawn: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ policy }) => `no longer removes the policy ${policy}`,
    internal: true,
  },
  PolicyRemoved: { schemaVersion: 1, subjects: itself, say: ({ policy }) => `removed the policy ${policy}` },
});

/** What a policy says. */
export interface PolicyValue {
  readonly policy: PolicyId;
  readonly enabled: boolean;
}

/** A persistent chat policy; null while unknown and once removed. */
export type Policy =
  | (PolicyValue & {
      /** The door is shut: a removal is being decided. */
      readonly removing: boolean;
    })
  | null;

const policies: StreamType<Policy, PolicyEvent> = {
  category: 'policy',
  initial: null,
  evolve: (state, event) => {
    if (event.type === 'PolicyCreated') return { ...event.data, removing: false };
    if (!state) return null;
    switch (event.type) {
      case 'PolicyEnabled':
        return { ...state, enabled: true };
      case 'PolicyDisabled':
      case 'PolicyReset':
        return { ...state, enabled: false };
      case 'PolicyRemovalBegun':
        return { ...state, removing: true };
      case 'PolicyRemovalWithdrawn':
        return { ...state, removing: false };
      case 'PolicyRemoved':
        return null;
      default:
        return neverEvent(event);
    }
  },
};

const globalPolicy = 'global' as PolicyId;

/** The global policy is there before its first event: nobody creates it. */
const globalPolicies: StreamType<Policy, PolicyEvent> = {
  ...policies,
  initial: { policy: globalPolicy, enabled: false, removing: false },
};

export const policyStream = (policy: string): StreamRef<Policy, PolicyEvent> =>
  streamOf(policy === globalPolicy ? globalPolicies : policies, policy);

export const unknownPolicy = (policy: string): Refusal => ({
  rule: 'policy.unknown',
  detail: `there is no policy ${policy}; create it first`,
});

/** Only `tag:` policies are granted to users. */
export const isGrantable = (policy: PolicyId): boolean => policy.startsWith('tag:');

/** `site` is the site of a `site:` policy; undefined for other policies. */
export function createPolicy(
  state: Policy,
  { policy, enabled = false }: { readonly policy: PolicyId; readonly enabled?: boolean },
  site: Site | undefined,
): Decision<PolicyEvent> {
  if (policy === globalPolicy)
    return new Refused([
      { rule: 'policy.global-always-exists', detail: 'the global policy always exists; enable or disable it' },
    ]);
  const refused = refusedBy(
    site === null && unknownSite(siteOfPolicy(policy) ?? '', 'policy'),
    state &&
      state.enabled !== enabled && {
        rule: 'policy.exists',
        detail: `the policy ${state.policy} exists and is ${state.enabled ? 'enabled' : 'disabled'}; enable or disable it instead`,
      },
  );
  if (refused) return refused;
  if (state) return [];
  const named = site ? (`site:${site.site}` as PolicyId) : policy;
  return [{ type: 'PolicyCreated', data: { policy: named, enabled } }];
}

export function enablePolicy(state: Policy, policy: PolicyId): Decision<PolicyEvent> {
  if (!state) return new Refused([unknownPolicy(policy)]);
  return state.enabled ? [] : [{ type: 'PolicyEnabled', data: { policy: state.policy } }];
}

export function disablePolicy(state: Policy, policy: PolicyId): Decision<PolicyEvent> {
  if (!state) return new Refused([unknownPolicy(policy)]);
  return state.enabled ? [{ type: 'PolicyDisabled', data: { policy: state.policy } }] : [];
}

/** `holders` counts the users to whom it is granted; it holds behind the closed door. */
export function removePolicy(state: Policy, policy: PolicyId, holders: number): Decision<PolicyEvent> {
  if (!state) return new Refused([unknownPolicy(policy)]);
  if (state.policy === globalPolicy)
    return state.enabled ? [{ type: 'PolicyReset', data: { policy: globalPolicy } }] : [];
  if (holders > 0)
    return new Refused([
      {
        rule: 'policy.granted',
        detail: `the policy ${state.policy} is granted to ${holders} ${holders === 1 ? 'user' : 'users'}; revoke it there first`,
        count: holders,
      },
    ]);
  return [{ type: 'PolicyRemoved', data: { policy: state.policy } }];
}
