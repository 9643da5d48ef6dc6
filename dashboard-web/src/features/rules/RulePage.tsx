import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { keys } from '@/lib/api/keys';
import { toProblem } from '@/lib/api/problem';
import { meQuery } from '@/lib/api/shared';
import type { RuleDraft } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { Age } from '@/lib/ui/Age';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { createRule, deleteRule, replaceRule, ruleQuery } from './api';
import { RuleEditor } from './components/RuleEditor';
import { formOf, NEW_RULE } from './model/form';

const route = getRouteApi('/rules/$ruleId');

/** One rule to read or to change; `new` begins one. */
export function RulePage() {
  const { ruleId } = route.useParams();
  const isNew = ruleId === 'new';
  const { api } = useServices();
  const me = useQuery(meQuery(api));
  const rule = useQuery({ ...ruleQuery(api, ruleId), enabled: !isNew });
  const client = useQueryClient();
  const navigate = useNavigate();
  const etag = rule.data?.etag ?? null;
  const leave = () => {
    void client.invalidateQueries({ queryKey: keys.rules });
    void navigate({ to: '/rules', ignoreBlocker: true });
  };
  const save = useMutation({
    mutationFn: async (draft: RuleDraft): Promise<void> => {
      if (isNew) await createRule(api, draft);
      else await replaceRule(api, ruleId, draft, etag);
    },
    onSuccess: leave,
  });
  const remove = useMutation({ mutationFn: () => deleteRule(api, ruleId, etag), onSuccess: leave });
  const mayWrite = me.data?.rights.includes('rules:write') ?? false;
  const error = save.error ?? remove.error;
  const conflict = error !== null && [409, 412].includes(toProblem(error).status);
  const data = rule.data?.value;

  return (
    <div className={ui.stack}>
      <PageTitle title={isNew ? 'New rule' : (data?.name ?? 'Rule')}>
        {data && (
          <span className={ui.dim}>
            Version {data.version}, {data.updatedBy ? `${data.updatedBy}, ` : ''}
            <Age time={data.updatedAt} />
          </span>
        )}
        <Link to="/rules" className={ui.button}>
          All rules
        </Link>
      </PageTitle>
      {!isNew && rule.isPending && (
        <Panel title="Rule" ages={false}>
          <Skeleton label="Loading the rule…" block />
        </Panel>
      )}
      {rule.isError && <Problem error={rule.error} onRetry={() => void rule.refetch()} />}
      {me.data && !mayWrite && (
        <p role="status" className={ui.strip}>
          You may read rules. Changing them needs the right rules:write, which operators have.
        </p>
      )}
      {conflict && (
        <p role="alert" className={ui.strip}>
          Somebody changed this rule meanwhile. Load the page again to see it; what you typed is lost then.
        </p>
      )}
      {error !== null && <Problem error={error} />}
      {(isNew || data) && (
        <RuleEditor
          key={data ? `${data.id}/${data.version}` : 'new'}
          initial={data ? formOf(data) : NEW_RULE}
          readOnly={!mayWrite}
          busy={save.isPending || remove.isPending}
          serverErrors={error === null ? [] : toProblem(error).fields}
          onSave={(draft) => save.mutate(draft)}
          onDelete={isNew ? null : () => remove.mutate()}
        />
      )}
    </div>
  );
}
