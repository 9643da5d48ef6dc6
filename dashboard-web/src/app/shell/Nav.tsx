import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './shell.module.css';

const icon = (path: ReactNode) => (
  <svg
    viewBox="0 0 20 20"
    width="20"
    height="20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    aria-hidden="true"
  >
    {path}
  </svg>
);

const ITEMS = [
  { to: '/', label: 'Overview', icon: icon(<path d="M3 3h6v6H3zM11 3h6v4h-6zM11 9h6v8h-6zM3 11h6v6H3z" />) },
  {
    to: '/devices',
    label: 'Devices',
    icon: icon(<path d="M6 6h8v8H6zM8 3v3M12 3v3M8 14v3M12 14v3M3 8h3M3 12h3M14 8h3M14 12h3" />),
  },
  { to: '/alerts', label: 'Alerts', icon: icon(<path d="M10 3 18 16.5H2ZM10 8v4M10 13.6v1.4" />) },
  { to: '/rules', label: 'Rules', icon: icon(<path d="M3 6h6M13 6h4M3 14h4M11 14h6M11 4v4M9 12v4" />) },
  { to: '/system', label: 'System', icon: icon(<path d="M2 10h4l2-5 4 10 2-5h4" />) },
] as const;

/** Left column on wide screens, icons only below 1100 px, bottom bar below 720 px: one list, three looks. */
export function Nav() {
  return (
    <nav className={styles.nav} aria-label="Main">
      <ul>
        {ITEMS.map((item) => (
          <li key={item.to}>
            <Link
              to={item.to}
              className={styles.navLink}
              activeOptions={{ exact: item.to === '/', includeSearch: false }}
              title={item.label}
            >
              {item.icon}
              <span className={styles.navLabel}>{item.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
