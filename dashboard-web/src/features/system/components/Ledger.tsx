import { useQuery } from '@tanstack/react-query';
import type { Ledger as LedgerData, LedgerState } from '@/lib/api/types';
import { formatCount, formatCounted, formatMinute } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { Panel } from '@/lib/ui/Panel';
import { type Mark, StatusMark } from '@/lib/ui/StatusMark';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import { ledgerQuery } from '../api';
import { headline, minutesOf } from '../model/ledger';
import { useLedgerStream } from '../model/useLedgerStream';
import styles from '../system.module.css';

const MARKS: Record<LedgerState, Mark> = { balanced: 'ok', 'in-flight': 'info', imbalance: 'critical' };

/** Whether everything that devices were told is safe has arrived: the last hour, minute by minute. */
export function Ledger() {
  const { api } = useServices();
  useLedgerStream();
  const ledger = useQuery(ledgerQuery(api));
  const data = ledger.data;
  return (
    <Panel title="Ledger" note="last hour, samples and refusals">
      {ledger.isError && <Problem error={ledger.error} onRetry={() => void ledger.refetch()} />}
      {ledger.isPending && <Skeleton label="Loading the ledger…" />}
      {data && data.totals.received === 0 && (
        <Empty title="Nothing was received in the last hour">
          The ledger fills as soon as a device publishes.
        </Empty>
      )}
      {data && data.totals.received > 0 && <Balance data={data} />}
    </Panel>
  );
}

function Balance({ data }: { data: LedgerData }) {
  const { totals } = data;
  const minutes = minutesOf(data);
  return (
    <div className={styles.ledger}>
      <p className={styles.balance}>
        <StatusMark mark={MARKS[totals.state]} size={20} />
        <strong>{headline(totals)}</strong>
      </p>
      <div
        className={styles.minutes}
        role="img"
        aria-label={`Received by minute: ${formatCounted(minutes.filter((minute) => minute.state !== 'none').length, 'minute')} with data`}
      >
        {minutes.map((minute) => (
          <span
            key={minute.start}
            className={`${styles.minute} ${styles[minute.state]}`}
            title={minute.title}
            style={{ height: `${minute.height}%` }}
          />
        ))}
      </div>
      <p className={styles.axis} aria-hidden="true">
        <span>{formatMinute(Date.parse(data.from), 'local')}</span>
        <span>now</span>
      </p>
      <dl className={styles.sums}>
        <Sum name="Received" value={totals.received} />
        <Sum name="Stored" value={totals.stored} />
        <Sum name="Duplicate" value={totals.duplicate} />
        <Sum name="Quarantined" value={totals.quarantined} />
        <Sum name="In flight" value={totals.inFlight} />
        <Sum name="Missing" value={totals.missing} bad={totals.missing > 0} />
      </dl>
      {totals.unsure > 0 && (
        <p className={styles.detail}>
          {formatCounted(totals.unsure, 'more unit')} that Kafka did not acknowledge in time: no device was
          told that they are safe.
        </p>
      )}
      {data.imbalances.length > 0 && (
        <ul className={styles.lost}>
          {data.imbalances.map((line) => (
            <li key={`${line.minute}/${line.instance}/${line.partitions.join()}`}>
              <strong>{formatMinute(Date.parse(line.minute), 'local')}</strong>
              <span>
                {formatCount(line.missing)} missing, acknowledged to{' '}
                {line.instance ?? 'a gateway that is gone'}
              </span>
              <code>{line.partitions.join(' ')}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Sum({ name, value, bad = false }: { name: string; value: number; bad?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? styles.bad : undefined}>{formatCount(value)}</dd>
    </div>
  );
}
