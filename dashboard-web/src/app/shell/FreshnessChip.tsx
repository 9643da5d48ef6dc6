import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from '@tanstack/react-router';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { fleetQuery, systemQuery } from '@/lib/api/shared';
import { formatDuration, formatFixed, NONE } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import type { Link } from '@/lib/stream/streamHub';
import { useLink } from '@/lib/stream/useLink';
import { serverClock } from '@/lib/time/serverClock';
import { useNow } from '@/lib/time/useNow';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import { chipOf, pipelineLagMs } from './chip';
import styles from './shell.module.css';

const PHASES: Record<Link['phase'], string> = {
  live: 'Open, events arrive',
  connecting: 'Connecting for the first time',
  reconnecting: 'Lost, trying again',
  offline: 'Lost for more than 5 s',
  refused: 'Refused by the server',
  paused: 'Closed while this tab is hidden',
};

/** How true the page is right now: the worst of link and pipeline. The popover says why. */
export function FreshnessChip() {
  const { api, hub } = useServices();
  const link = useLink();
  const system = useQuery(systemQuery(api));
  const fleet = useQuery(fleetQuery(api));
  const now = useNow();
  const chip = chipOf(link, pipelineLagMs(system.data?.stages), now - serverClock.offsetMs);
  const lag = fleet.data?.lag ?? null;
  return (
    <DialogTrigger>
      <Button className={styles.chip ?? ''}>
        <StatusMark mark={chip.mark} />
        <span className={styles.wideOnly}>{chip.text}</span>
        <span className={styles.narrowOnly}>{chip.short}</span>
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Dialog className={styles.dialog ?? ''} aria-label="How fresh the data is">
          <h2>{chip.text}</h2>
          <dl className={ui.facts}>
            <dt>Stream</dt>
            <dd>{PHASES[link.phase]}</dd>
            <dt>Last event</dt>
            <dd>
              <code>{link.lastEventId?.slice(0, 24) ?? NONE}</code>
            </dd>
            <dt>Lag p50 / p99</dt>
            <dd>{lag === null ? NONE : `${lagText(lag.secondsP50)} / ${lagText(lag.secondsP99)}`}</dd>
            <dt>This clock</dt>
            <dd>{clockText()}</dd>
          </dl>
          <span className={ui.row}>
            <RouterLink to="/system" className={`${ui.button} ${ui.small}`}>
              Pipeline
            </RouterLink>
            {(link.phase === 'reconnecting' || link.phase === 'offline') && (
              <Button className={`${ui.button} ${ui.small}`} onPress={() => hub.retryNow()}>
                Try now
              </Button>
            )}
          </span>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

const lagText = (seconds: number | null): string =>
  seconds === null ? NONE : formatDuration(seconds * 1000);

function clockText(): string {
  if (!Number.isFinite(serverClock.uncertaintyMs)) return 'not compared yet';
  const seconds = serverClock.offsetMs / 1000;
  if (Math.abs(seconds) <= Math.max(1, serverClock.uncertaintyMs / 1000)) return 'agrees with the server';
  return `${formatFixed(Math.abs(seconds), 1)} s ${seconds > 0 ? 'behind' : 'ahead of'} the server; ages are corrected`;
}
