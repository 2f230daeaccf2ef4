import { BaseCommand, defineCommand, Is, outcome, type SiteName, subject } from '#kernel';
import { registerSite, siteStream } from './site.js';

export class RegisterSite extends BaseCommand {
  @Is.Site('name of the topology site; unique ignoring case')
  readonly site!: SiteName;
}

export const registerSiteCommand = defineCommand(RegisterSite, {
  summary: 'Register a topology site',
  role: 'operator',
  example: { site: 'Tacoma' },
  subjects: ({ site }) => [subject.site(site)],
  handle: async ({ site }, tx) => {
    const stream = siteStream(site);
    return outcome(stream, registerSite(await tx.load(stream), site));
  },
});
