import type { StoreClass, SystemReport } from '@/lib/api/types';
import { formatBytes, formatCount, formatDateTime, formatDuration, NONE } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { Panel } from '@/lib/ui/Panel';
import ui from '@/lib/ui/ui.module.css';

const CLASSES: Record<string, string> = {
  raw: 'Measurements and states',
  '10s': 'Windows of 10 s',
  '1m': 'Windows of 1 min',
  '1h': 'Windows of 1 h',
  quarantine: 'Quarantine',
  ledger: 'Ledger',
  other: 'Everything else',
};

/** What the store consists of, and how long the tenant's share of it is kept. */
function Classes({ classes }: { classes: readonly StoreClass[] }) {
  return (
    <table className={ui.table}>
      <thead>
        <tr>
          <th scope="col">Data</th>
          <th scope="col" className={ui.number}>
            Size
          </th>
          <th scope="col" className={ui.number}>
            Rows, about
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
            <td className={ui.number}>
              {one.keptSeconds === null ? NONE : formatDuration(one.keptSeconds * 1000)}
            </td>
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
