import { Link } from '@tanstack/react-router';
import type { DeviceDetail } from '@/lib/api/types';
import { formatDateTime, formatDuration, NONE } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { Panel } from '@/lib/ui/Panel';
import ui from '@/lib/ui/ui.module.css';
import { HistoryPermission } from './HistoryPermission';

export function Facts({ device }: { device: DeviceDetail }) {
  const labels = Object.entries(device.labels);
  const { presence } = device;
  return (
    <Panel title="Facts" ages={false}>
      <dl className={ui.facts}>
        <dt>Type</dt>
        <dd>
          {device.type ? (
            <Link to="/devices" search={{ q: `type:${device.type}` }}>
              {device.type}
            </Link>
          ) : (
            NONE
          )}
        </dd>
        <dt>Site</dt>
        <dd>
          {device.site ? (
            <Link to="/devices" search={{ q: `site:${device.site}` }}>
              {device.site}
            </Link>
          ) : (
            NONE
          )}
        </dd>
        <dt>Labels</dt>
        <dd>
          {labels.length === 0
            ? NONE
            : labels.map(([key, value]) => (
                <span key={key} className={ui.tag}>
                  {key}: {value}
                </span>
              ))}
        </dd>
        <dt>Expected every</dt>
        <dd>
          {device.expectedIntervalSeconds === null
            ? 'not set'
            : formatDuration(device.expectedIntervalSeconds * 1000)}
        </dd>
        <dt>History</dt>
        <dd>
          <HistoryPermission device={device} />
        </dd>
        <dt>Connection</dt>
        <dd>
          {presence.connected === null ? 'not known' : presence.connected ? 'session open' : 'session closed'}
        </dd>
        <dt>Last seen</dt>
        <dd>
          <Age time={presence.lastSeen} />
        </dd>
        <dt>Last sample</dt>
        <dd>
          <Age time={presence.lastSampleTime} />
        </dd>
        <dt>Registered</dt>
        <dd>{device.createdAt ? formatDateTime(Date.parse(device.createdAt), 'local') : NONE}</dd>
      </dl>
    </Panel>
  );
}
