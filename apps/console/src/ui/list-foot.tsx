import { Button } from '@fluentui/react-components';
import { refreshedPagesMax, useLive } from '../api/live.js';
import type { PagedView } from '../api/views.js';
import { useWords } from '../i18n/i18n.js';
import { useMoment } from '../moment/moment.js';

interface ListFootProps {
  readonly list: PagedView<unknown>;
  /** How many there are, in words: `users.total`. */
  readonly say: (total: number) => string;
}

/** How many there are, as of when, and whether the list has changed since it was read. */
export function ListFoot({ list, say }: ListFootProps) {
  const t = useWords();
  const { position: newest } = useLive();
  const { isPast } = useMoment();
  const { total, position, rows, pages, isFetchingMore, again } = list;
  const isOld =
    !isPast && pages > refreshedPagesMax && position !== null && newest !== null && BigInt(newest) > BigInt(position);
  return (
    <div className="list-foot" role="status">
      <span>
        {total !== undefined && say(total)}
        {total !== undefined && rows.length < total && ` · ${t('list.loaded', { count: rows.length })}`}
        {isFetchingMore && ` · ${t('loading')}`}
      </span>
      <span>
        {isOld && (
          <Button size="small" appearance="primary" onClick={again}>
            {t('list.changed')}
          </Button>
        )}{' '}
        {position !== null && t('asOfEvent', { position: t.count(Number(position)) })}
      </span>
    </div>
  );
}
