import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, ToggleButton } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/headless/svg/arrow-download';
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import type { TimelineItem } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useMoment } from '../../moment/moment.js';
import { useAddress } from '../../shell/address.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { VirtualList } from '../../ui/virtual-list.js';
import { Waiting } from '../../ui/waiting.js';
import { exportMax, gather, saveItems } from './export-items.js';
import { TimelineRow } from './timeline-row.js';
import { timelineParameters } from './timeline-search.js';
import { Message } from '../../ui/message.js';

interface TimelineListProps {
  readonly find: string;
  /** Stands before the tools of the list. */
  readonly search?: ReactNode;
}

/** The timeline that a search text finds, newest first, one row per command. */
export function TimelineList({ find, search }: TimelineListProps) {
  const t = useWords();
  const { asOf } = useMoment();
  const address = useAddress();
  const isFull = address.search['density'] === 'full';
  const parameters = useMemo(() => timelineParameters(find), [find]);
  const list = usePages<TimelineItem>('/api/timeline', parameters, { pageSize: 100 });
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [exporting, setExporting] = useState(false);
  /** How many were found, where not all of them are in the file. */
  const [leftOut, setLeftOut] = useState<number | null>(null);
  const [exportError, setExportError] = useState<Error | null>(null);
  const { rows } = list;

  const toggle = (position: string): void => {
    const next = new Set(opened);
    if (!next.delete(position)) next.add(position);
    setOpened(next);
  };
  const save = async (format: 'csv' | 'json'): Promise<void> => {
    setExporting(true);
    setExportError(null);
    try {
      const { items: found, total } = await gather({ ...parameters, asOf });
      saveItems(found, format);
      setLeftOut(total > found.length ? total : null);
    } catch (error) {
      setExportError(error as Error);
    }
    setExporting(false);
  };
  return (
    <>
      <div className="tools">
        {search}
        <ToggleButton
          size="small"
          checked={isFull}
          onClick={() => address.change({ density: isFull ? undefined : 'full' }, { replace: true })}
        >
          {t('timeline.full')}
        </ToggleButton>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button size="small" icon={<ArrowDownloadRegular />} disabledFocusable={exporting || rows.length === 0}>
              {exporting ? t('timeline.exporting') : t('timeline.export')}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {(list.total ?? 0) > exportMax && (
                <p className="menu-note">{t('timeline.exportBound', { most: exportMax, count: list.total })}</p>
              )}
              <MenuItem onClick={() => void save('csv')}>{t('timeline.exportCsv')}</MenuItem>
              <MenuItem onClick={() => void save('json')}>{t('timeline.exportJson')}</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
      {exportError && <Failure error={exportError} />}
      {leftOut !== null && (
        <Message intent="warning">{t('timeline.exportBound', { most: exportMax, count: leftOut })}</Message>
      )}
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.isLoading && <Waiting />}
      {list.total === 0 && (
        <EmptyState
          title={find === '' ? t('timeline.noneTitle') : t('list.nothingTitle')}
          detail={find === '' ? t('timeline.noneDetail') : t('list.nothingDetail', { find })}
        />
      )}
      {rows.length > 0 && (
        <VirtualList
          list={list}
          label={t('nav.timeline')}
          estimatedPx={isFull ? 96 : 44}
          keyOf={({ position }) => position}
          frame={{ tabIndex: -1, onKeyDown: moveFocus }}
          foot={<ListFoot list={list} say={(count) => t('timeline.total', { count })} />}
        >
          {(item) => (
            <TimelineRow
              item={item}
              isFull={isFull}
              isOpen={opened.has(item.position)}
              toggle={() => toggle(item.position)}
            />
          )}
        </VirtualList>
      )}
    </>
  );
}

/** Arrows go from row to row. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const heads = [...event.currentTarget.querySelectorAll<HTMLElement>('.timeline-head')];
  const from = heads.indexOf(event.target as HTMLElement);
  if (step === undefined || from === -1) return;
  event.preventDefault();
  heads[from + step]?.focus();
}
