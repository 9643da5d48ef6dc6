import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Device } from '@/lib/api/types';
import { formatDuration, NONE } from '@/lib/format/format';
import { PRESENCE_WORDS } from '@/lib/time/freshness';
import { Age } from '@/lib/ui/Age';
import { cx } from '@/lib/ui/cx';
import { PRESENCE_MARKS } from '@/lib/ui/marks';
import { OfflineStrip } from '@/lib/ui/OfflineStrip';
import { SeverityCountsText } from '@/lib/ui/SeverityCountsText';
import { Status } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import { useMedia } from '@/lib/ui/useMedia';
import styles from '../devices.module.css';
import type { DeviceSort } from '../search';

const ROW_PX = 38;
const CARD_PX = 62;
const BEFORE_END = 20;

interface Props {
  items: readonly Device[];
  /** How many there are in all; null where that is not known. */
  total: number | null;
  sort: DeviceSort;
  dimmed: boolean;
  loadingMore: boolean;
  onSort: (sort: DeviceSort) => void;
  /** The last rows came into view. */
  onEnd: () => void;
}

const COLUMNS: { name: string; sort: 'id' | 'lastSeen' | 'status' | null; wide?: boolean }[] = [
  { name: 'Status', sort: 'status' },
  { name: 'Device', sort: 'id' },
  { name: 'Site', sort: null },
  { name: 'Type', sort: null },
  { name: 'Last seen', sort: 'lastSeen' },
  { name: 'Expected every', sort: null },
  { name: 'Alerts', sort: null },
];

/** Only the rows on screen exist in the document; the page itself scrolls. */
export function DeviceTable({ items, total, sort, dimmed, loadingMore, onSort, onEnd }: Props) {
  const narrow = useMedia('(width < 720px)');
  const body = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => setOffset(body.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    overscan: 8,
    scrollMargin: offset,
  });
  useEffect(() => {
    rows.options.estimateSize = () => (narrow ? CARD_PX : ROW_PX);
    rows.measure();
  }, [narrow, rows]);
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - BEFORE_END) onEnd();
  }, [last, items.length, onEnd]);

  return (
    <div className={cx(ui.panel, styles.table)}>
      <OfflineStrip />
      <div role="table" aria-label="Devices" aria-rowcount={total === null ? -1 : total + 1}>
        {/* biome-ignore lint/a11y/useFocusableInteractive: a row of a table is not interactive */}
        <div role="row" aria-rowindex={1} className={styles.head}>
          {COLUMNS.map((column) => (
            <HeadCell key={column.name} name={column.name} by={column.sort} sort={sort} onSort={onSort} />
          ))}
        </div>
        <div
          ref={body}
          role="rowgroup"
          className={cx(styles.body, dimmed && ui.dimmed)}
          style={{ height: rows.getTotalSize() }}
        >
          {visible.map((row) => {
            const device = items[row.index];
            return (
              device && (
                <DeviceRow
                  key={device.id}
                  device={device}
                  index={row.index + 2}
                  top={row.start - rows.options.scrollMargin}
                  height={row.size}
                />
              )
            );
          })}
        </div>
      </div>
      {loadingMore && (
        <p role="status" className={styles.more}>
          Loading more…
        </p>
      )}
    </div>
  );
}

interface HeadProps {
  name: string;
  by: 'id' | 'lastSeen' | 'status' | null;
  sort: DeviceSort;
  onSort: (sort: DeviceSort) => void;
}

function HeadCell({ name, by, sort, onSort }: HeadProps) {
  const ascending = by !== null && sort === by;
  const descending = by !== null && sort === `-${by}`;
  const next: DeviceSort =
    by === 'lastSeen' && !descending ? '-lastSeen' : by === 'id' && ascending ? '-id' : (by ?? 'id');
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button is
    <div role="columnheader" aria-sort={ascending ? 'ascending' : descending ? 'descending' : 'none'}>
      {by === null ? (
        name
      ) : (
        <button type="button" className={styles.sort} onClick={() => onSort(next)}>
          {name}
          <span aria-hidden="true">{ascending ? '▲' : descending ? '▼' : ''}</span>
        </button>
      )}
    </div>
  );
}

function DeviceRow({
  device,
  index,
  top,
  height,
}: {
  device: Device;
  index: number;
  top: number;
  height: number;
}) {
  const { presence } = device;
  const stale = presence.state === 'silent' || presence.state === 'offline' || presence.state === 'unknown';
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its link is
    <div
      role="row"
      aria-rowindex={index}
      className={styles.row}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <Cell className={styles.status}>
        <Status mark={PRESENCE_MARKS[presence.state]}>{PRESENCE_WORDS[presence.state]}</Status>
      </Cell>
      <Cell className={styles.device}>
        <Link to="/devices/$deviceId" params={{ deviceId: device.id }} className={styles.link}>
          {device.id}
        </Link>
        {device.name && device.name !== device.id && (
          <span className={cx(styles.name, ui.dim)}>{device.name}</span>
        )}
        {!device.enabled && <span className={ui.tag}>disabled</span>}
      </Cell>
      <Cell className={styles.siteCell}>{device.site ?? NONE}</Cell>
      <Cell className={styles.type}>{device.type ?? NONE}</Cell>
      <Cell className={cx(styles.seen, stale && ui.dim)}>
        <Age time={presence.lastSeen} />
      </Cell>
      <Cell className={cx(styles.expected, ui.dim)}>
        {device.expectedIntervalSeconds === null
          ? NONE
          : formatDuration(device.expectedIntervalSeconds * 1000)}
      </Cell>
      <Cell className={styles.alerts}>
        <SeverityCountsText counts={device.openAlerts} />
      </Cell>
    </div>
  );
}

function Cell({ className, children }: { className?: string | undefined; children: React.ReactNode }) {
  return (
    <div role="cell" className={className}>
      {children}
    </div>
  );
}
