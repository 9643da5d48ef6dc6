import type { SystemReport } from '@/lib/api/types';
import { formatBytes, formatCount, formatDateTime, NONE } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { Panel } from '@/lib/ui/Panel';
import ui from '@/lib/ui/ui.module.css';

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
          {store.timescale === null ? NONE : store.timescale ? 'PostgreSQL with TimescaleDB' : 'PostgreSQL'}
        </dd>
      </dl>
    </Panel>
  );
}
