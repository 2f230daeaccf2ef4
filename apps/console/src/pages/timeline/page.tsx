import { useWords } from '../../i18n/i18n.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';
import { useAddress } from '../../shell/address.js';
import { TimelineList } from './timeline-list.js';
import { useTimelineQualifiers } from './timeline-search.js';

/** Who asked for what, when, and what came of it. */
export function Page() {
  const t = useWords();
  const { search, change } = useAddress();
  const qualifiers = useTimelineQualifiers();
  const find = search['find'] ?? '';
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.timeline')} detail={t('timeline.detail')} />
      <TimelineList
        find={find}
        search={
          <SearchBox
            text={find}
            change={(text) => change({ find: text })}
            qualifiers={qualifiers}
            label={t('timeline.search')}
            placeholder={t('timeline.placeholder')}
          />
        }
      />
    </div>
  );
}
