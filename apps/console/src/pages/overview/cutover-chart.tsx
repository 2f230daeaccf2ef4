import { generations } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import type { CutoverSample } from './cutover.js';
import type { Forecast } from './forecast.js';

const width = 960;
const height = 260;
const edge = { left: 64, right: 24, top: 12, bottom: 28 };

interface CutoverChartProps {
  readonly samples: readonly CutoverSample[];
  readonly forecast: Forecast | undefined;
}

/** Users by generation as layers, the newest at the bottom; named beside the layers, not by colour alone. */
export function CutoverChart({ samples, forecast }: CutoverChartProps) {
  const t = useWords();
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return null;
  const top = Math.max(1, ...samples.map(({ moved, remaining }) => moved + remaining));
  // The forecast is drawn as far as it does not squeeze what is known.
  const endMs = forecast ? Math.min(forecast.latestMs, last.ms + (last.ms - first.ms)) : last.ms;
  const x = (ms: number): number =>
    edge.left + ((ms - first.ms) / Math.max(1, endMs - first.ms)) * (width - edge.left - edge.right);
  const y = (users: number): number => height - edge.bottom - (users / top) * (height - edge.top - edge.bottom);
  const order = generations.toReversed();
  const base = (sample: CutoverSample, layer: number): number =>
    order.slice(0, layer).reduce((sum, generation) => sum + sample.homed[generation], 0);
  const area = (layer: number): string =>
    [
      ...samples.map((sample) => `${x(sample.ms)},${y(base(sample, layer + 1))}`),
      ...samples.toReversed().map((sample) => `${x(sample.ms)},${y(base(sample, layer))}`),
    ].join(' ');
  const everybody = last.moved + last.remaining;
  return (
    <figure className="chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('cutover.chart', { moved: last.moved, remaining: last.remaining })}
      >
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line className="rule" x1={edge.left} x2={width - edge.right} y1={y(top * part)} y2={y(top * part)} />
            <text x={edge.left - 8} y={y(top * part) + 4} textAnchor="end">
              {t.count(Math.round(top * part))}
            </text>
          </g>
        ))}
        {order.map((generation, layer) => (
          <polygon key={generation} className={`layer ${generation}`} points={area(layer)} />
        ))}
        {forecast && (
          <polygon
            className="forecast"
            points={[
              `${x(last.ms)},${y(last.moved)}`,
              `${x(Math.min(endMs, forecast.earliestMs))},${y(reached(last, forecast.perDay[1], Math.min(endMs, forecast.earliestMs)))}`,
              `${x(endMs)},${y(Math.min(everybody, reached(last, forecast.perDay[1], endMs)))}`,
              `${x(endMs)},${y(reached(last, forecast.perDay[0], endMs))}`,
            ].join(' ')}
          />
        )}
        <line className="now" x1={x(last.ms)} x2={x(last.ms)} y1={edge.top} y2={height - edge.bottom} />
        <text x={edge.left} y={height - 8}>
          {t.time(first.ms)}
        </text>
        <text x={x(last.ms)} y={height - 8} textAnchor={forecast ? 'middle' : 'end'}>
          {t.time(last.ms)}
        </text>
      </svg>
      <figcaption className="legend">
        {generations.map((generation) => (
          <span key={generation}>
            <i className={`swatch ${generation}`} aria-hidden /> {t.named('generation', generation)}{' '}
            <b>{t.count(last.homed[generation])}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function reached(last: CutoverSample, perDay: number, ms: number): number {
  return Math.min(last.moved + last.remaining, last.moved + (perDay * (ms - last.ms)) / 86_400_000);
}
