import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { systemQuery } from '@/lib/api/shared';
import { useServices } from '@/lib/services';
import { Age } from '@/lib/ui/Age';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { Instances } from './components/Instances';
import { Ledger } from './components/Ledger';
import { Pipeline } from './components/Pipeline';
import { Quarantine } from './components/Quarantine';
import { Store } from './components/Store';
import styles from './system.module.css';

const route = getRouteApi('/system');

/** Is the product itself well: its own data path, stage by stage. */
export function SystemPage() {
  const { api } = useServices();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const system = useQuery(systemQuery(api));
  const data = system.data;
  return (
    <div className={ui.stack}>
      <PageTitle title="System">
        {data && (
          <span className={ui.dim}>
            {data.version && `Version ${data.version}, `}measured <Age time={data.at} />
          </span>
        )}
      </PageTitle>
      {system.isError && <Problem error={system.error} onRetry={() => void system.refetch()} />}
      {system.isPending && (
        <Panel title="Pipeline">
          <Skeleton label="Loading the pipeline…" block />
        </Panel>
      )}
      {data && (
        <>
          <Pipeline stages={data.stages} />
          <Ledger />
          <div className={styles.columns}>
            <Quarantine
              counts={data.quarantine}
              filter={search}
              onFilter={(filter) => void navigate({ search: filter })}
            />
            <div className={ui.stack}>
              {data.store && <Store store={data.store} />}
              <Instances stages={data.stages} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
