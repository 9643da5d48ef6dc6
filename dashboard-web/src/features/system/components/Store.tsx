import type { StoreClass, SystemReport } from '@/lib/api/types';
import { formatBytes, formatCount, formatDateTime, formatDuration, NONE } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { cx } from '@/lib/ui/cx';
import { Panel } from '@/lib/ui/Panel';
import ui from '@/lib/ui/ui.module.css';
import styles from '../system.module.css';

const CLASSES: Record<string, string> = {
  raw: 'Samples',
  '10s': '10\u2009s',
  '1m': '1\u2009min',
  '1h': '1\u2009h',
  quarantine: 'Quarantine',
  ledger: 'Ledger',
  other: 'Other',
};

/** A class that is kept for longer than anybody will ask is kept for good. */
const FOR_GOOD_SECONDS = 50 * 365 * 86_400;

function keptText(seconds: number | null): string {
  if (seconds === null) return NONE;
  return seconds >= FOR_GOOD_SECONDS ? 'for good' : formatDuration(seconds * 1000);
}

/** What the store consists of, and how long the tenant's share of it is kept. */
function Classes({ classes }: { classes: readonly StoreClass[] }) {
  return (
    <table className={cx(ui.table, styles.classes)}>
      <thead>
        <tr>
          <th scope="col">Data</th>
          <th scope="col" className={ui.number}>
            Size
          </th>
          <th scope="col" className={ui.number}>
            Rows
          </th>
          <th scope="col" className={ui.number}>
            Kept
          </th>
        </tr>
      </thead>
      <tbody>
        {classes.map((one) => (
          <tr key={one.name}>
            <th scope="row">{CLASSES[one.name] ?? one.name}</th>
            <td className={ui.number}>{formatBytes(one.sizeBytes)}</td>
            <td className={ui.number}>{formatCount(one.rows)}</td>
            <td className={ui.number}>{keptText(one.keptSeconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Store({ store }: { store: NonNullable<SystemReport['store']> }) {
  return (
    <Panel title="Store">
      <dl className={ui.facts}>
        <dt>Measurements</dt>
        <dd>{store.measurements === null ? NONE : `about ${formatCount(store.measurements)}`}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(store.sizeBytes)}</dd>
        <dt>Oldest</dt>
        <dd>{store.oldest ? formatDateTime(Date.parse(store.oldest), 'local') : NONE}</dd>
        <dt>Newest</dt>
        <dd>
          {store.newest ? 'received ' : ''}
          <Age time={store.newest} />
        </dd>
        <dt>Engine</dt>
        <dd>
          {store.product ??
            (store.timescale === null
              ? NONE
              : store.timescale
                ? 'PostgreSQL with TimescaleDB'
                : 'PostgreSQL')}
        </dd>
        {store.schema && (
          <>
            <dt>Schema</dt>
            <dd>version {store.schema}</dd>
          </>
        )}
      </dl>
      {store.classes.length > 0 && <Classes classes={store.classes} />}
    </Panel>
  );
}
