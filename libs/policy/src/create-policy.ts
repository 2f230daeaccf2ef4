import { BaseCommand, defineCommand, Is, outcome, type PolicyId, subject } from '#kernel';
import { siteStream } from '#topology';
import { createPolicy, policyStream, siteOfPolicy } from './policy.js';

export class CreatePolicy extends BaseCommand {
  @Is.Policy('site:<site>, or tag:<name> for a policy to grant to users')
  readonly policy!: PolicyId;

  @Is.Flag('whether it enables persistent chat; false where absent', { optional: true })
  readonly enabled?: boolean;
}

export const createPolicyCommand = defineCommand(CreatePolicy, {
  summary: 'Create a persistent chat policy',
  role: 'operator',
  example: { policy: 'tag:tacoma-pilot', enabled: true },
  moreExamples: { 'of a site': { policy: 'site:Tacoma', enabled: true } },
  subjects: ({ policy }) => [subject.policy(policy)],
  handle: async (command, tx) => {
    const stream = policyStream(command.policy);
    const site = siteOfPolicy(command.policy);
    return outcome(
      stream,
      createPolicy(await tx.load(stream), command, site === undefined ? site : await tx.load(siteStream(site))),
    );
  },
});
