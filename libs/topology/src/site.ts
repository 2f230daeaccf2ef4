import {
  type Decision,
  describeEvents,
  type DomainEvent,
  type Refusal,
  type SiteName,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
} from '#kernel';

export type SiteRegistered = DomainEvent<'SiteRegistered', { readonly site: SiteName }>;
export type SiteEvent = SiteRegistered;

export const siteEvents = describeEvents<SiteEvent>({
  SiteRegistered: {
    schemaVersion: 1,
    subjects: ({ site }) => [subject.site(site)],
    say: ({ site }) => `registered the site ${site}`,
  },
});

/** A site as first written; null while unknown. */
export type Site = { readonly site: SiteName } | null;

const sites: StreamType<Site, SiteEvent> = {
  category: 'site',
  initial: null,
  evolve: (_, { data }) => ({ site: data.site }),
};

export const siteStream = (site: string): StreamRef<Site, SiteEvent> => streamOf(sites, site);

export const unknownSite = (site: string, context: 'topology' | 'policy' = 'topology'): Refusal => ({
  rule: `${context}.unknown-site`,
  detail: `the site ${site} is not registered; register it first`,
});

export function registerSite(state: Site, site: SiteName): Decision<SiteEvent> {
  return state ? [] : [{ type: 'SiteRegistered', data: { site } }];
}
