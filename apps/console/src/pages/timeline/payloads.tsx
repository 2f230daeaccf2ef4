import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { RecordedEvent } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { Failure } from '../../ui/failure.js';
import { Waiting } from '../../ui/waiting.js';

const firstShown = 3;

/** The recorded events, whole, as the log holds them. */
export function Payloads({ positions }: { readonly positions: readonly string[] }) {
  const t = useWords();
  const [shown, setShown] = useState(firstShown);
  return (
    <section aria-label={t('timeline.events')}>
      <h3>{t('timeline.eventsCount', { count: positions.length })}</h3>
      {positions.slice(0, shown).map((position) => (
        <Payload key={position} position={position} />
      ))}
      {positions.length > shown && (
        <Button size="small" onClick={() => setShown(shown + 10)}>
          {t('timeline.moreEvents')}
        </Button>
      )}
    </section>
  );
}

function Payload({ position }: { readonly position: string }) {
  const t = useWords();
  // What was recorded is the same at every moment.
  const { data, error } = useView<RecordedEvent>(`/api/events/${position}`, {}, { asOf: undefined });
  if (error) return <Failure error={error} />;
  if (!data) return <Waiting />;
  const { type, stream, revision, recordedAt } = data.body;
  return (
    <details className="payload">
      <summary>
        <code>{type}</code> {t('timeline.eventAt', { position: t.count(Number(position)) })} · {stream} @ {revision} ·{' '}
        <span title={t.utc(recordedAt)}>{t.time(recordedAt)}</span>
      </summary>
      <pre tabIndex={0}>{JSON.stringify(data.body, null, 2)}</pre>
    </details>
  );
}
