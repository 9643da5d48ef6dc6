import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { meQuery } from '@/lib/api/shared';
import { useServices } from '@/lib/services';
import { Problem } from '@/lib/ui/states';
import { LinkAnnouncer } from './LinkAnnouncer';
import { Nav } from './Nav';
import styles from './shell.module.css';
import { TopBar } from './TopBar';
import { useStreamCache } from './useStreamCache';

/** Landmarks, navigation and what is true for every page. */
export function Shell() {
  const { api } = useServices();
  const me = useQuery(meQuery(api));
  useStreamCache();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <TopBar me={me.data ?? null} />
      <Nav />
      <main id="main" className={styles.main} tabIndex={-1}>
        {me.isError && <Problem error={me.error} onRetry={() => void me.refetch()} />}
        <Outlet />
      </main>
      <LinkAnnouncer />
    </div>
  );
}
