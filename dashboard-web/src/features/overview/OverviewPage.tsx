import { useQuery } from '@tanstack/react-query';
import { fleetQuery } from '@/lib/api/shared';
import type { FleetSummary } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { Age } from '@/lib/ui/Age';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Status } from '@/lib/ui/StatusMark';
import { Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { Attention } from './components/Attention';
import { FirstDevice } from './components/FirstDevice';
import { KeyFigures } from './components/KeyFigures';
import { Sites } from './components/Sites';
import { Throughput } from './components/Throughput';
import styles from './overview.module.css';

const WORTH_SAYING_MS = 10_000;

/** Whether the store is so far behind with counting devices that the numbers must say of when they are. */
const isBehind = ({ at, countedUntil }: FleetSummary) =>
  countedUntil !== null && Date.parse(at) - Date.parse(countedUntil) > WORTH_SAYING_MS;

/** Is anything wrong, where, and since when. */
export function OverviewPage() {
  const { api } = useServices();
  const fleet = useQuery(fleetQuery(api));
  const data = fleet.data;
  return (
    <div className={ui.stack}>
      <PageTitle title="Overview">
        {data && (
          <span className={ui.dim}>
            {isBehind(data) ? (
              <Status mark="warning">
                Devices as of <Age time={data.countedUntil} />, changes since wait to be counted
              </Status>
            ) : (
              <>
                Counted <Age time={data.at} />
              </>
            )}
          </span>
        )}
      </PageTitle>
      {fleet.isPending && (
        <Panel title="Fleet">
          <Skeleton label="Loading the fleet…" block />
        </Panel>
      )}
      {fleet.isError && <Problem error={fleet.error} onRetry={() => void fleet.refetch()} />}
      {data && data.devices.total === 0 && <FirstDevice />}
      {data && data.devices.total > 0 && (
        <>
          <KeyFigures summary={data} />
          <div className={styles.columns}>
            <div className={ui.stack}>
              <Attention summary={data} />
              <Sites sites={data.sites} />
            </div>
            <Throughput summary={data} />
          </div>
        </>
      )}
    </div>
  );
}
