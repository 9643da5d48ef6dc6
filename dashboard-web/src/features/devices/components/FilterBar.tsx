import { useEffect, useRef, useState } from 'react';
import type { FleetSummary, PresenceState, SiteSummary } from '@/lib/api/types';
import { parseFilter, removeToken, toggleToken, tokenValue } from '@/lib/filter/grammar';
import { formatCount } from '@/lib/format/format';
import { PRESENCE_WORDS } from '@/lib/time/freshness';
import { PRESENCE_MARKS } from '@/lib/ui/marks';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../devices.module.css';

const STATES: PresenceState[] = ['reporting', 'late', 'silent', 'offline', 'unknown'];
const TYPING_PAUSE_MS = 250;

interface Props {
  q: string;
  counts: FleetSummary['devices'] | null;
  sites: readonly SiteSummary[];
  /** The API did not understand the text; the message has the id `search-problem`. */
  isWrong: boolean;
  /** While typing: replaces the address. */
  onType: (text: string) => void;
  /** A committed choice: a new entry in the history. */
  onPick: (text: string) => void;
}

/** One box for everything that narrows the list; each token in it is also a chip. */
export function FilterBar({ q, counts, sites, isWrong, onType, onPick }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  if (known !== q) {
    // The address changed by a chip, by Back or by a link: the box follows, unless it is what was typed.
    setKnown(q);
    if (text.trim() !== q) setText(q);
  }
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => onType(text.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q, onType]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || target.closest('input, textarea, select, [contenteditable]')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const status = tokenValue(q, 'status');
  const site = tokenValue(q, 'site') ?? '';
  const filter = parseFilter(q);
  const others = [
    ...filter.tokens
      .filter((token) => token.key !== 'status' && token.key !== 'site')
      .map((token) => token.raw),
    ...filter.others,
  ];
  return (
    <search className={styles.filter}>
      <div className={styles.box}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path
            d="M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2Zm3.6 8.6L14 14"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
          />
        </svg>
        <input
          ref={input}
          type="search"
          className={ui.input}
          aria-label="Filter devices"
          aria-invalid={isWrong}
          aria-describedby={isWrong ? 'search-problem' : undefined}
          placeholder="Id or name, site:lyon, temperature>30, -fw:2.3"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <fieldset className={styles.chips}>
        <legend className="visually-hidden">Status</legend>
        {STATES.filter((state) => state !== 'unknown' || (counts?.unknown ?? 0) > 0).map((state) => (
          <button
            key={state}
            type="button"
            className={styles.chip}
            aria-pressed={status === state}
            onClick={() => onPick(toggleToken(q, 'status', state))}
          >
            <StatusMark mark={PRESENCE_MARKS[state]} />
            {PRESENCE_WORDS[state]}
            {counts && <span className={ui.dim}>{formatCount(counts[state])}</span>}
          </button>
        ))}
      </fieldset>
      {sites.length > 0 && (
        <select
          className={`${ui.input} ${styles.site}`}
          aria-label="Site"
          value={site}
          onChange={(event) => onPick(toggleToken(q, 'site', event.target.value || site))}
        >
          <option value="">All sites</option>
          {site !== '' && !sites.some((each) => each.id === site) && <option value={site}>{site}</option>}
          {sites.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name || each.id}
            </option>
          ))}
        </select>
      )}
      {!isWrong &&
        others.map((raw) => (
          <button
            key={raw}
            type="button"
            className={styles.chip}
            aria-label={`Remove ${raw}`}
            onClick={() => onPick(removeToken(q, raw))}
          >
            {raw} <span aria-hidden="true">×</span>
          </button>
        ))}
    </search>
  );
}
