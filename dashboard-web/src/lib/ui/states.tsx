import { type ReactNode, useEffect, useState } from 'react';
import { toProblem } from '@/lib/api/problem';
import { StatusMark } from './StatusMark';
import ui from './ui.module.css';

/** Shown in place of content that is not there yet; appears after 200 ms and speaks after two seconds. */
export function Skeleton({
  label,
  rows = 4,
  block = false,
}: {
  label: string;
  rows?: number;
  block?: boolean;
}) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 2000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-busy="true" aria-label={label} className={ui.skeleton}>
      {slow && <span className={ui.second}>{label}</span>}
      {block ? (
        <div className={ui.boneBlock} />
      ) : (
        Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
          <div key={row} className={ui.bone} />
        ))
      )}
    </div>
  );
}

/** Why there is nothing here, and what can be done about it. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={ui.message}>
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** A failure as the API told it, with the request id for whoever looks into it. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = toProblem(error);
  const forbidden = problem.status === 403;
  return (
    <div role="alert" className={ui.problem}>
      <span className={ui.problemTitle}>
        <StatusMark mark={forbidden ? 'info' : 'critical'} />
        {problem.title}
      </span>
      {problem.detail && <p>{problem.detail}</p>}
      {forbidden && <p>Your role does not allow this. An administrator of your tenant can grant it.</p>}
      <span className={ui.problemFoot}>
        {onRetry && !forbidden && (
          <button type="button" className={`${ui.button} ${ui.small}`} onClick={onRetry}>
            Try again
          </button>
        )}
        {problem.requestId && (
          <span className={ui.request}>
            Request <code>{problem.requestId}</code>
          </span>
        )}
      </span>
    </div>
  );
}
