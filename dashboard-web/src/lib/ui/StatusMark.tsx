import type { ReactNode } from 'react';
import { cx } from './cx';
import ui from './ui.module.css';

export type Mark =
  | 'ok'
  | 'late'
  | 'silent'
  | 'offline'
  | 'unknown'
  | 'critical'
  | 'warning'
  | 'info'
  | 'none';

/** One shape per status, so that the status survives grey print, forced colours and colour blindness. */
const SHAPES: Record<Mark, ReactNode> = {
  ok: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  late: (
    <>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 1.5a4.5 4.5 0 0 0 0 9Z" fill="currentColor" />
    </>
  ),
  silent: (
    <>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M3 9 9 3" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  offline: (
    <rect x="2" y="2" width="8" height="8" rx="1" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ),
  unknown: (
    <circle
      cx="6"
      cy="6"
      r="4.25"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2 1.6"
    />
  ),
  critical: <path d="M6 1 11.4 10.6H.6Z" fill="currentColor" />,
  warning: <path d="M6 .6 11.4 6 6 11.4.6 6Z" fill="currentColor" />,
  info: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 5.3V9M6 3v1.2" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  none: <path d="M2 6h8" stroke="currentColor" strokeWidth="1.5" />,
};

/** The bare shape; whoever uses it prints the word beside it. */
export function StatusMark({ mark, size = 12 }: { mark: Mark; size?: number }) {
  return (
    <svg className={cx(ui.mark, ui[mark])} viewBox="0 0 12 12" width={size} height={size} aria-hidden="true">
      {SHAPES[mark]}
    </svg>
  );
}

/** Shape, word and colour together. */
export function Status({ mark, children }: { mark: Mark; children: ReactNode }) {
  return (
    <span className={ui.status}>
      <StatusMark mark={mark} />
      <span className={ui.word}>{children}</span>
    </span>
  );
}
