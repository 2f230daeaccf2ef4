import { Button, Field, Input, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { CalendarClockRegular } from '@fluentui/react-icons/headless/svg/calendar-clock';
import { type SubmitEvent, useState } from 'react';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { asOfLocal, localOf } from './local-time.js';
import { instantOf, positionOf, useMoment } from './moment.js';

/** Any moment, by its time or by the position of an event. */
export function MomentPicker() {
  const t = useWords();
  const { asOf } = useMoment();
  const { change } = useAddress();
  const [isOpen, setOpen] = useState(false);
  const [time, setTime] = useState('');
  const [position, setPosition] = useState('');
  const open = (wanted: boolean): void => {
    setPosition(positionOf(asOf) ?? '');
    setTime(localOf(instantOf(asOf) ?? new Date().toISOString()));
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
