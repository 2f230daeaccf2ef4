import { type Decision, type DomainEvent, type SiteName, type StreamRef, streamOf, type StreamType } from '#kernel';

export type SiteRegistered = DomainEvent<'SiteRegistered', { readonly site: SiteName }>;
export type SiteEvent = SiteRegistered;

/** A site as first written; null while unknown. */
export type Site = { readonly site: SiteName } | null;

const sites: StreamType<Site, SiteEvent> = {
  category: 'site',
  initial: null,
  evolve: (_, { data }) => ({ site: data.site }),
};

export const siteStream = (site: string): StreamRef<Site, SiteEvent> => streamOf(sites, site);

export function registerSite(state: Site, site: SiteName): Decision<SiteEvent> {
  return state ? [] : [{ type: 'SiteRegistered', data: { site } }];
}
