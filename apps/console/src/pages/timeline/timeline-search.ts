import { useMemo } from 'react';
import { useAll } from '../../api/views.js';
import type { Deployment, Pool } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { useWords } from '../../i18n/i18n.js';
import type { Parameters } from '../../api/http.js';
import { useCommands } from '../commands/catalogue.js';
import { parametersOf, readQualifiers } from '../../ui/qualifiers.js';
import type { Qualifier } from '../../ui/search-box.js';

export const timelineQualifiers = [
  'actor',
  'command',
  'subject',
  'outcome',
  'ticket',
  'type',
  'correlation',
  'from',
  'to',
] as const;

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** The parameters of `/api/timeline` for a search text; a bare day begins or ends with itself, in the reader's own time. */
export function timelineParameters(find: string): Parameters {
  const parameters: Record<string, readonly string[]> = { ...parametersOf(readQualifiers(find, timelineQualifiers)) };
  for (const [name, time] of [
    ['from', 'T00:00:00.000'],
    ['to', 'T23:59:59.999'],
  ] as const) {
    const [day] = parameters[name] ?? [];
    if (day !== undefined && dayPattern.test(day)) parameters[name] = [new Date(`${day}${time}`).toISOString()];
  }
  return parameters;
}

export function useTimelineQualifiers(): readonly Qualifier[] {
  const t = useWords();
  const readsDenied = useMay('auditor');
  const commands = useCommands();
  const pools = useAll<Pool>('/api/pools').data?.body.items;
  const deployments = useAll<Deployment>('/api/deployments').data?.body.items;
  return useMemo(() => {
    const values: Readonly<Record<string, readonly string[]>> = {
      command: commands?.map(({ name }) => name) ?? [],
      outcome: readsDenied ? ['done', 'refused', 'denied'] : ['done', 'refused'],
      subject: [
        'estate',
        ...(pools?.map(({ pool }) => `pool:${pool}`) ?? []),
        ...(deployments?.map(({ deployment }) => `deployment:${deployment}`) ?? []),
        'user:sip:',
      ],
      from: [localDay(0), localDay(1), localDay(7)],
      to: [localDay(0), localDay(1)],
    };
    return timelineQualifiers.map((name) => ({
      name,
      hint: t(`timeline.by.${name}`),
      values: values[name] ?? [],
      negatable: name !== 'from' && name !== 'to',
    }));
  }, [t, readsDenied, commands, pools, deployments]);
}

function localDay(daysAgo: number): string {
  const day = new Date();
  day.setDate(day.getDate() - daysAgo);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}
