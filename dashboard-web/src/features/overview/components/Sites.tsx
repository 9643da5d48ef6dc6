import { Link } from '@tanstack/react-router';
import type { SiteSummary } from '@/lib/api/types';
import { formatCount } from '@/lib/format/format';
import { Panel } from '@/lib/ui/Panel';
import { ProportionBar } from '@/lib/ui/ProportionBar';
import { SeverityCountsText } from '@/lib/ui/SeverityCountsText';
import { Empty } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { worstFirst } from '../model/worstFirst';
import styles from '../overview.module.css';

/** Where the trouble is; the worst site first. */
export function Sites({ sites }: { sites: readonly SiteSummary[] }) {
  return (
    <Panel title="Sites" note={sites.length > 0 ? 'worst first' : undefined} flush>
      {sites.length === 0 ? (
        <Empty title="No sites yet">
          A device that names its site appears here. Give devices a site to see where trouble is.
        </Empty>
      ) : (
        <div className={ui.tableWrap}>
          <table className={`${ui.table} ${styles.sites}`}>
            <thead>
              <tr>
                <th scope="col">Site</th>
                <th scope="col" className={`${ui.number} ${styles.wide}`}>
                  Devices
                </th>
                <th scope="col" className={styles.share}>
                  Presence
                </th>
                <th scope="col" className={ui.number}>
                  Reporting
                </th>
                <th scope="col">Alerts</th>
                <th scope="col" className={styles.wide}>
                  Time zone
                </th>
              </tr>
            </thead>
            <tbody>
              {worstFirst(sites).map((site) => (
                <tr key={site.id}>
                  <th scope="row">
                    <Link to="/devices" search={{ q: `site:${site.id}` }}>
                      {site.name || site.id}
                    </Link>
                  </th>
                  <td className={`${ui.number} ${styles.wide}`}>{formatCount(site.devices)}</td>
                  <td className={styles.share}>
                    <ProportionBar counts={site} slim />
                  </td>
                  <td className={ui.number}>{share(site)}</td>
                  <td>
                    <SeverityCountsText counts={site.alerts} />
                  </td>
                  <td className={`${ui.dim} ${styles.wide}`}>{site.timezone ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** Rounded down: 99.96 % must not read as all. */
function share(site: SiteSummary): string {
  if (site.devices === 0) return '–';
  const percent = (site.reporting / site.devices) * 100;
  return percent === 100 ? '100\u2009%' : `${(Math.floor(percent * 10) / 10).toFixed(1)}\u2009%`;
}
