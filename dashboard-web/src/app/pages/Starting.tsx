import { Logo } from '@/app/shell/Logo';
import pages from './pages.module.css';

export function Starting({ redirecting }: { redirecting: boolean }) {
  return (
    <main className={pages.center} aria-busy="true">
      <div className={pages.brand}>
        <Logo size={36} />
        <span role="status" className={pages.wait}>
          {redirecting ? 'Going to the sign-in page…' : 'Starting…'}
        </span>
      </div>
    </main>
  );
}
