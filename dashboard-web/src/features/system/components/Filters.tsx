import { useState } from 'react';
import ui from '@/lib/ui/ui.module.css';
import type { QuarantineFilter } from '../api';
import { PERIODS, TRANSPORTS } from '../search';
import styles from '../system.module.css';

const PERIOD_WORDS = { '1h': 'Last hour', '24h': 'Last day', '7d': 'Last week' } as const;
const TRANSPORT_WORDS = {
  mqtt: 'MQTT',
  http: 'HTTP',
  subscription: 'Subscription',
  kafka: 'Behind the gateway',
} as const;

/** What narrows the list besides the reason. */
export function Filters({
  filter,
  onFilter,
}: {
  filter: QuarantineFilter;
  onFilter: (filter: QuarantineFilter) => void;
}) {
  const [device, setDevice] = useState(filter.device ?? '');
  const change = (part: { [K in keyof QuarantineFilter]?: QuarantineFilter[K] | undefined }) =>
    onFilter(
      Object.fromEntries(
        Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined),
      ) as QuarantineFilter,
    );
  return (
    <search className={styles.filters}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change({ device: device.trim() || undefined });
        }}
      >
        <input
          type="search"
          className={ui.input}
          aria-label="Device"
          placeholder="Device id, Enter"
          autoComplete="off"
          spellCheck={false}
          value={device}
          onChange={(event) => {
            setDevice(event.target.value);
            if (event.target.value === '') change({ device: undefined });
          }}
        />
      </form>
      <select
        className={ui.input}
        aria-label="Came by"
        value={filter.transport ?? ''}
        onChange={(event) =>
          change({ transport: TRANSPORTS.find((transport) => transport === event.target.value) })
        }
      >
        <option value="">Any way</option>
        {TRANSPORTS.map((transport) => (
          <option key={transport} value={transport}>
            {TRANSPORT_WORDS[transport]}
          </option>
        ))}
      </select>
      <select
        className={ui.input}
        aria-label="Period"
        value={filter.since ?? ''}
        onChange={(event) => change({ since: PERIODS.find((period) => period === event.target.value) })}
      >
        <option value="">Any time</option>
        {PERIODS.map((period) => (
          <option key={period} value={period}>
            {PERIOD_WORDS[period]}
          </option>
        ))}
      </select>
      <label className={styles.open}>
        <input
          type="checkbox"
          checked={filter.open === 'yes'}
          onChange={(event) => change({ open: event.target.checked ? 'yes' : undefined })}
        />
        Not replayed
      </label>
    </search>
  );
}
