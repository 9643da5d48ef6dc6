import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery, rulesQuery } from '@/lib/api/shared';
import { useServices } from '@/lib/services';
import { Age } from '@/lib/ui/Age';
import { SEVERITY_WORDS } from '@/lib/ui/marks';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Status } from '@/lib/ui/StatusMark';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { clearText, conditionText, scopeText } from './model/ruleText';
import styles from './rules.module.css';

export function RulesPage() {
  const { api } = useServices();
  const rules = useQuery(rulesQuery(api));
  const me = useQuery(meQuery(api));
  const mayWrite = me.data?.rights.includes('rules:write') ?? false;
  const create = mayWrite && (
    <Link to="/rules/$ruleId" params={{ ruleId: 'new' }} className={`${ui.button} ${ui.primary}`}>
      New rule
    </Link>
  );
  return (
    <div className={ui.stack}>
      <PageTitle title="Rules">{create}</PageTitle>
      {rules.isError && <Problem error={rules.error} onRetry={() => void rules.refetch()} />}
      {!rules.isError && (
        <Panel title="All rules" flush ages={false}>
          {rules.isPending && (
            <div className={styles.pad}>
              <Skeleton label="Loading rules…" rows={5} />
            </div>
          )}
          {rules.data?.length === 0 && (
            <Empty title="No rules yet" action={create}>
              A rule says which values, or which silence, should raise an alert.
            </Empty>
          )}
          {rules.data && rules.data.length > 0 && (
            <ul className={styles.rules}>
              {rules.data.map((rule) => (
                <li key={rule.id}>
                  <Link to="/rules/$ruleId" params={{ ruleId: rule.id }} className={styles.rule}>
                    <span className={styles.severity}>
                      <Status mark={rule.enabled ? rule.severity : 'none'}>
                        {rule.enabled ? SEVERITY_WORDS[rule.severity] : 'Off'}
                      </Status>
                    </span>
                    <span className={styles.what}>
                      <strong>{rule.name}</strong>
                      <span className={ui.second}>
                        {conditionText(rule.condition, rule.holdSeconds)}; clears {clearText(rule)}
                      </span>
                    </span>
                    <span className={`${ui.second} ${styles.scope}`}>{scopeText(rule.scope)}</span>
                    <span className={`${ui.dim} ${styles.changed}`}>
                      {rule.owner ?? 'no owner'}, changed <Age time={rule.updatedAt} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      )}
    </div>
  );
}
