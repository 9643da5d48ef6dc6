import { useLink } from '@/lib/stream/useLink';

/** Tells a screen reader once per change that the data stopped or runs again; hiccups are not worth it. */
export function LinkAnnouncer() {
  const { phase } = useLink();
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {phase === 'offline' && 'Connection lost. What is shown is no longer live.'}
      {phase === 'live' && 'Connected. Live data.'}
    </div>
  );
}
