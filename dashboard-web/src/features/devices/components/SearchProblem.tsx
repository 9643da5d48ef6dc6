import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../devices.module.css';

interface Props {
  q: string;
  /** Where the text stops making sense, in characters from 0. */
  position: number;
  detail: string;
}

/** The search as it was typed, marked from where it was not understood, and why. */
export function SearchProblem({ q, position, detail }: Props) {
  const from = Math.min(position, q.length);
  return (
    <div role="alert" id="search-problem" className={ui.problem}>
      <span className={ui.problemTitle}>
        <StatusMark mark="warning" />
        This search is not understood
      </span>
      <p className={styles.asked}>
        <code>
          {q.slice(0, from)}
          <mark>{q.slice(from) || '…'}</mark>
        </code>
      </p>
      <p>{sentence(detail)}</p>
    </div>
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
