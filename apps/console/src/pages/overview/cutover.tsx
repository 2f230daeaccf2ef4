import { Button, Select } from '@fluentui/react-components';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ask } from '../../api/http.js';
import { pastKey } from '../../api/keys.js';
import type { Generation, Page, Pool } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { instantOf, useMoment } from '../../moment/moment.js';
import { CutoverChart } from './cutover-chart.js';
import { type Forecast, forecast, moments, type Sample } from './forecast.js';

const samplesCount = 17;
const hours = 3_600_000;
const ranges = {
  hour: hours,
  day: 24 * hours,
  week: 168 * hours,
  month: 720 * hours,
  quarter: 2184 * hours,
  year: 8760 * hours,
};
type Range = keyof typeof ranges;

export interface CutoverSample extends Sample {
  readonly homed: Readonly<Record<Generation, number>>;
}

/** How many have moved, how many remain, and when the last will have, as a range. */
export function Cutover({ pools }: { readonly pools: readonly Pool[] }) {
  const t = useWords();
  const { asOf } = useMoment();
  const instant = instantOf(asOf);
  // The moment that the page was opened: the curve's grid must not move at each event.
  const endMs = useMemo(() => (instant === undefined ? Date.now() : Date.parse(instant)), [instant]);
  const beginning = useQuery({ queryKey: [pastKey, 'beginning', endMs], queryFn: () => rangeSince(endMs) });
  const [chosen, setRange] = useState<Range>();
  const [asTable, setTable] = useState(false);
  const range = chosen ?? beginning.data;
  const times = range === undefined ? [] : moments(endMs - ranges[range], endMs, samplesCount);
  const past = useQueries({
    queries: times.slice(0, -1).map((ms) => ({
      queryKey: [pastKey, '/api/pools', ms],
      queryFn: () => poolsAt(ms),
    })),
  });
  const known = past.every(({ data }) => data !== undefined);
  const samples =
    range !== undefined && known
      ? [...past.map(({ data }, index) => sampleOf(data ?? [], times[index] ?? 0)), sampleOf(pools, endMs)]
      : [];
  const outlook = forecast(samples);
  const last = samples.at(-1);
  return (
    <section className="card" aria-label={t('cutover.title')}>
      <header>
        <h2>{t('cutover.title')}</h2>
        <div className="actions">
          <Select
            size="small"
            aria-label={t('cutover.range')}
            value={range ?? 'day'}
            onChange={(_, { value }) => setRange(value as Range)}
          >
            {Object.keys(ranges).map((each) => (
              <option key={each} value={each}>
                {t(`cutover.range.${each as Range}`)}
              </option>
            ))}
          </Select>
          <Button size="small" appearance="subtle" aria-pressed={asTable} onClick={() => setTable(!asTable)}>
            {asTable ? t('cutover.asCurve') : t('cutover.asTable')}
          </Button>
        </div>
      </header>
      {last && (
        <p>
          {t('cutover.moved', { moved: last.moved, remaining: last.remaining })}{' '}
          {typeof outlook === 'string'
            ? t(`cutover.none.${outlook === 'tooShort' && range === 'hour' ? 'wait' : outlook}`)
            : forecastText(t, outlook)}
        </p>
      )}
      {samples.length > 0 &&
        (asTable ? (
          <CutoverTable samples={samples} />
        ) : (
          <CutoverChart samples={samples} forecast={typeof outlook === 'string' ? undefined : outlook} />
        ))}
    </section>
  );
}

/** By the day, or by the hour where it is a matter of hours. */
function forecastText(t: Words, { earliestMs, latestMs }: Forecast): string {
  const say = (ms: number): string => (latestMs - Date.now() < ranges.day ? t.time(ms) : t.day(ms));
  const [earliest, latest] = [say(earliestMs), say(latestMs)];
  return earliest === latest ? t('cutover.forecastOn', { at: latest }) : t('cutover.forecast', { earliest, latest });
}

function CutoverTable({ samples }: { readonly samples: readonly CutoverSample[] }) {
  const t = useWords();
  return (
    <table className="plain-table">
      <caption className="sr-only">{t('cutover.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('cutover.at')}</th>
          <th scope="col">{t.named('generation', 'ocs-2007-r2')}</th>
          <th scope="col">{t.named('generation', 'lync-2010')}</th>
          <th scope="col">{t.named('generation', 'lync-2013')}</th>
        </tr>
      </thead>
      <tbody>
        {samples.map(({ ms, homed }) => (
          <tr key={ms}>
            <th scope="row">{t.time(ms)}</th>
            <td>{t.count(homed['ocs-2007-r2'])}</td>
            <td>{t.count(homed['lync-2010'])}</td>
            <td>{t.count(homed['lync-2013'])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The shortest range before which there was nothing yet. */
async function rangeSince(endMs: number): Promise<Range> {
  for (const range of Object.keys(ranges) as Range[])
    if ((await poolsAt(endMs - ranges[range])).length === 0) return range;
  return 'year';
}

async function poolsAt(ms: number): Promise<readonly Pool[]> {
  const { body } = await ask<Page<Pool>>(`/api/pools?limit=500&asOf=${new Date(ms).toISOString()}`);
  return body.items;
}

function sampleOf(pools: readonly Pool[], ms: number): CutoverSample {
  const homed = { 'ocs-2007-r2': 0, 'lync-2010': 0, 'lync-2013': 0 };
  for (const { generation, users } of pools) homed[generation] += users.homed;
  return { ms, homed, moved: homed['lync-2013'], remaining: homed['ocs-2007-r2'] + homed['lync-2010'] };
}
