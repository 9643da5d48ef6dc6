import { Logo } from '@/app/shell/Logo';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import pages from './pages.module.css';

/** Says that nobody is signed in, why, and what the button will do. */
export function SignedOut({ reason, onSignIn }: { reason: string | null; onSignIn: () => void }) {
  return (
    <main className={pages.center}>
      <div className={pages.card}>
        <span className={pages.brand}>
          <Logo size={36} />
          Heliograph
        </span>
        <div>
          <h1>You are signed out</h1>
          <p className={ui.second}>
            Live telemetry of your devices, their alerts, and the health of the pipeline.
          </p>
        </div>
        {reason && (
          <div role="alert" className={pages.reason}>
            <StatusMark mark="warning" />
            <span>{reason}</span>
          </div>
        )}
        <button type="button" className={`${ui.button} ${ui.primary}`} onClick={onSignIn}>
          Sign in
        </button>
        <p className={ui.dim}>
          Signing in happens at your organisation&apos;s identity provider. You come back to this page.
        </p>
      </div>
    </main>
  );
}
