import { ChevronLeftRegular } from '@fluentui/react-icons/headless/svg/chevron-left';
import { ChevronRightRegular } from '@fluentui/react-icons/headless/svg/chevron-right';
import { useLive } from '../api/live.js';
import { ProblemError } from '../api/problem.js';
import { useMay } from '../api/use-session.js';
import type { Page, TimelineItem } from '../api/types.js';
import { useView } from '../api/views.js';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { HeaderPart } from '../shell/header-part.js';
import { momentPickerPart } from '../shell/parts.js';
import { PlainButton } from '../ui/plain-button.js';
import { ProblemTitle } from '../ui/problem-text.js';
import { instantOf, positionOf, useMoment } from './moment.js';
import { useStepping } from './stepping.js';

/** Now, or the moment that is looked back to; one event back, one forth, any moment by its time or position. */
export function MomentBar() {
  const t = useWords();
  const { asOf, isPast } = useMoment();
  const isMoment = positionOf(asOf) !== undefined || instantOf(asOf) !== undefined;
  const { change } = useAddress();
  const { previous, next, error } = useStepping();
  return (
    <div className="moment" role="group" aria-label={t('moment.label')}>
      <PlainButton
        appearance="subtle"
        size="small"
        icon={<ChevronLeftRegular />}
        aria-label={t('moment.previous')}
        title={t('moment.previous')}
        onClick={() => void previous()}
      />
      {asOf === undefined ? <Present /> : isMoment ? <Past asOf={asOf} /> : <NoMoment text={asOf} />}
      <PlainButton
        appearance="subtle"
        size="small"
        icon={<ChevronRightRegular />}
        isOff={!isPast}
        aria-label={isPast ? t('moment.next') : t('moment.noNext')}
        title={isPast ? t('moment.next') : t('moment.noNext')}
        onClick={() => void next()}
      />
      <HeaderPart part={momentPickerPart} given={{}} />
      {isPast && (
        <PlainButton size="small" appearance="primary" onClick={() => change({ asOf: undefined })}>
          {t('moment.backToNow')}
        </PlainButton>
      )}
      {error && (
        <span role="alert" className="moment-error" title={error.message}>
          {error instanceof ProblemError ? <ProblemTitle error={error} /> : t('unreachable.title')}
        </span>
      )}
    </div>
  );
}

function Present() {
  const t = useWords();
  const { state, position } = useLive();
  return (
    <span className="moment-text" role="status">
      <span className={`live-dot ${state}`} aria-hidden />
      <b>{t('moment.now')}</b>
      <span className="moment-detail">
        {position !== null && t('moment.event', { position: t.count(Number(position)) })}
        <span className="sr-only">{t(`connectionState.${state}`)}</span>
      </span>
      {position === null && <LastEvent />}
    </span>
  );
}

/** A page that asks no view would not know which event is the last. */
function LastEvent() {
  useView('/api/sites', { limit: '1' });
  return null;
}

/** What was typed, where it names no moment; the way back to now stands beside it. */
function NoMoment({ text }: { readonly text: string }) {
  const t = useWords();
  return (
    <span className="moment-text" role="alert">
      <b>{t('moment.wrong', { text })}</b>
      <span className="moment-detail">{t('moment.wrongDetail')}</span>
    </span>
  );
}

/** What the moment is, and what had just happened. */
function Past({ asOf }: { readonly asOf: string }) {
  const t = useWords();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const told = useView<Page<TimelineItem>>('/api/timeline', { rows: 'true', limit: '1' }, { enabled: readsTimeline });
  const item = told.data?.body.items[0];
  const position = positionOf(asOf);
  return (
    <span className="moment-text" role="status">
      <b>
        {position === undefined
          ? t('moment.asOfTime', { at: t.time(instantOf(asOf) ?? asOf) })
          : t('moment.asOfEvent', { position: t.count(Number(position)) })}
      </b>
      {item && (
        <span className="moment-detail" title={t.utc(item.at)}>
          {position !== undefined && `${t.time(item.at)} · `}
          {item.actor.name}: {item.summary}
        </span>
      )}
    </span>
  );
}
