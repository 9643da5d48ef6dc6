import type { ErrorComponentProps } from '@tanstack/react-router';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Problem } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';

/** A page that broke, or whose code is gone because a newer version was installed meanwhile. */
export function RouteFailure({ error }: ErrorComponentProps) {
  return (
    <div className={ui.stack}>
      <PageTitle title="This page failed" />
      <p className={ui.second}>If a new version was just installed, loading the page again helps.</p>
      <Problem error={error} onRetry={() => location.reload()} />
    </div>
  );
}
