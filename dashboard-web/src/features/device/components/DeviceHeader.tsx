import type { DeviceDetail } from '@/lib/api/types';
import { formatDuration } from '@/lib/format/format';
import { PRESENCE_WORDS } from '@/lib/time/freshness';
import { Age, Elapsed } from '@/lib/ui/Age';
import { PRESENCE_MARKS } from '@/lib/ui/marks';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Status } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';

/** Who this is and whether it is there: presence first, with its age. */
export function DeviceHeader({ device }: { device: DeviceDetail }) {
  const { presence } = device;
  const place = [device.site, device.type].filter(Boolean).join(' · ');
  return (
    <div>
      <PageTitle
        title={device.id}
        lead={
          device.name && device.name !== device.id ? (
            <span className={styles.name}>{device.name}</span>
          ) : undefined
        }
      >
        {!device.enabled && <span className={ui.tag}>disabled</span>}
      </PageTitle>
      <p className={styles.presence}>
        <Status mark={PRESENCE_MARKS[presence.state]}>
          <strong>{PRESENCE_WORDS[presence.state]}</strong>
        </Status>
        {presence.since && (
          <span className={ui.second}>
            for <Elapsed since={presence.since} />
          </span>
        )}
        <span className={ui.second}>
          {presence.lastSeen ? (
            <>
              last seen <Age time={presence.lastSeen} />
            </>
          ) : (
            'never seen'
          )}
          {device.expectedIntervalSeconds !== null &&
            `, expected every ${formatDuration(device.expectedIntervalSeconds * 1000)}`}
        </span>
        {place && <span className={ui.dim}>{place}</span>}
      </p>
    </div>
  );
}
