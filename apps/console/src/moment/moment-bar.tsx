import { Button, Field, Input, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components';
import { CalendarClockRegular, ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { type SubmitEvent, useState } from 'react';
import { useLive } from '../api/live.js';
import { useMay } from '../api/session.js';
import type { Page, TimelineItem } from '../api/types.js';
import { useView } from '../api/views.js';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { asOfLocal, localOf } from './local-time.js';
import { positionOf, useMoment } from './moment.js';
import { useStepping } from './stepping.js';

/** Now, or the moment that is looked back to; one event back, one forth, any moment by its time or position. */
export function MomentBar() {
  const t = useWords();
  const { isPast } = useMoment();
  const { change } = useAddress();
  const { previous, next, error } = useStepping();
  return (
    <div className="moment" role="group" aria-label={t('moment.label')}>
      <Tooltip content={t('moment.previous')} relationship="label">
        <Button appearance="subtle" size="small" icon={<ChevronLeftRegular />} onClick={() => void previous()} />
      </Tooltip>
      {isPast ? <Past /> : <Present />}
      <Tooltip content={isPast ? t('moment.next') : t('moment.noNext')} relationship="label">
        <Button
          appearance="subtle"
          size="small"
          icon={<ChevronRightRegular />}
          disabledFocusable={!isPast}
          onClick={() => void next()}
        />
      </Tooltip>
      <Picker />
      {isPast && (
        <Button size="small" appearance="primary" onClick={() => change({ asOf: undefined })}>
          {t('moment.backToNow')}
        </Button>
      )}
      {error && (
        <span role="alert" className="moment-error">
          {error.message}
        </span>
      )}
    </div>
  );
}

function Present() {
  const t = useWords();
  const { state, position } = useLive();
  // A page that asks no view would not know which event is the last.
  useView('/api/sites', { limit: '1' }, { enabled: position === null });
  return (
    <span className="moment-text" role="status">
      <span className={`live-dot ${state}`} aria-hidden />
      <b>{t('moment.now')}</b>
      <span className="moment-detail">
        {position !== null && t('moment.event', { position: t.count(Number(position)) })}
        <span className="sr-only">{t(`connectionState.${state}`)}</span>
      </span>
    </span>
  );
}

/** What the moment is, and what had just happened. */
function Past() {
  const t = useWords();
  const { asOf = '' } = useMoment();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const told = useView<Page<TimelineItem>>('/api/timeline', { rows: 'true', limit: '1' }, { enabled: readsTimeline });
  const item = told.data?.body.items[0];
  const position = positionOf(asOf);
  return (
    <span className="moment-text" role="status">
      <b>
        {position === undefined
          ? t('moment.asOfTime', { at: t.time(asOf) })
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

function Picker() {
  const t = useWords();
  const { asOf } = useMoment();
  const { change } = useAddress();
  const [isOpen, setOpen] = useState(false);
  const [time, setTime] = useState('');
  const [position, setPosition] = useState('');
  const open = (wanted: boolean): void => {
    const known = positionOf(asOf);
    setPosition(known ?? '');
    setTime(localOf(asOf !== undefined && known === undefined ? asOf : new Date().toISOString()));
    setOpen(wanted);
  };
  const lookBack = (event: SubmitEvent, moment: string | undefined): void => {
    event.preventDefault();
    if (moment === undefined) return;
    change({ asOf: moment });
    setOpen(false);
  };
  return (
    <Popover open={isOpen} onOpenChange={(_, data) => open(data.open)} trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          size="small"
          icon={<CalendarClockRegular />}
          aria-label={t('moment.pick')}
          title={t('moment.pick')}
        />
      </PopoverTrigger>
      <PopoverSurface className="moment-picker" aria-label={t('moment.pick')}>
        <form onSubmit={(event) => lookBack(event, asOfLocal(time))}>
          <Field label={t('moment.time')}>
            <input
              className="native"
              type="datetime-local"
              step={1}
              required
              max={localOf(new Date().toISOString())}
              value={time}
              onChange={({ target }) => setTime(target.value)}
            />
          </Field>
          <Button type="submit">{t('moment.look')}</Button>
        </form>
        <form onSubmit={(event) => lookBack(event, `@${position}`)}>
          <Field label={t('moment.position')}>
            <Input
              inputMode="numeric"
              pattern="\d{1,18}"
              required
              value={position}
              onChange={(_, { value }) => setPosition(value)}
            />
          </Field>
          <Button type="submit">{t('moment.look')}</Button>
        </form>
      </PopoverSurface>
    </Popover>
  );
}
