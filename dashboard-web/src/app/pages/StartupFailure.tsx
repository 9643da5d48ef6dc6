import { Problem } from '@/lib/ui/states';
import pages from './pages.module.css';

/** The installation did not answer with its configuration: nothing else can work. */
export function StartupFailure({ error }: { error: unknown }) {
  return (
    <main className={pages.center}>
      <div className={pages.card}>
        <h1>Heliograph cannot start</h1>
        <p>The server did not say where to sign in. It may still be starting.</p>
        <Problem error={error} onRetry={() => location.reload()} />
      </div>
    </main>
  );
}
