import { Link, useRouterState } from '@tanstack/react-router';
import { cx } from '@/lib/ui/cx';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Empty } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import styles from './pages.module.css';

export function NotFound() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const words = path.split('/').filter(Boolean).at(-1) ?? '';
  return (
    <div className={ui.stack}>
      <PageTitle title="Page not found" />
      <div className={ui.panel}>
        <Empty
          title={`There is no page at ${path}`}
          action={
            <span className={cx(ui.row, styles.choices)}>
              <Link to="/" className={ui.button}>
                To the overview
              </Link>
              <Link to="/devices" search={{ q: words }} className={ui.button}>
                Look for a device named “{words}”
              </Link>
            </span>
          }
        >
          The link may be old or mistyped.
        </Empty>
      </div>
    </div>
  );
}
