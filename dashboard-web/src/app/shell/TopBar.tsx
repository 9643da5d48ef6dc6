import { Link } from '@tanstack/react-router';
import type { Me } from '@/lib/api/types';
import { AlertCounter } from './AlertCounter';
import { FreshnessChip } from './FreshnessChip';
import { Logo } from './Logo';
import styles from './shell.module.css';
import { UserMenu } from './UserMenu';

export function TopBar({ me }: { me: Me | null }) {
  return (
    <header className={styles.top}>
      <Link to="/" className={styles.brand} aria-label="Heliograph, to the overview">
        <Logo />
        <span className={styles.brandName}>Heliograph</span>
      </Link>
      <div className={styles.topEnd}>
        <FreshnessChip />
        <AlertCounter />
        <UserMenu me={me} />
      </div>
    </header>
  );
}
