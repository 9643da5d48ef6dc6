import { useEffect, useRef, useState } from 'react';
import { useServices } from '@/lib/services';
import { previewMatching, type QuarantineFilter, replayMatching } from '../api';
import { advanced, IDLE, type MatchingRun, previewed } from './matchingRun';

/** The filter as one word, to see whether it is another. */
export const wordOf = (filter: QuarantineFilter) =>
  JSON.stringify(Object.entries(filter).sort(([a], [b]) => a.localeCompare(b)));

/**
 * Previews and carries out a replay of all that a filter finds, page by page from here: whoever leaves the page stops it, and
 * what was not taken yet is there for the next time.
 */
export function useMatchingRun(onTaken: () => void) {
  const { api } = useServices();
  const [run, setRun] = useState<MatchingRun>(IDLE);
  const wanted = useRef(false);
  useEffect(
    () => () => {
      wanted.current = false;
    },
    [],
  );

  const preview = async (filter: QuarantineFilter) => {
    const of = wordOf(filter);
    setRun({ ...IDLE, phase: 'asking', of });
    try {
      setRun(previewed(of, await previewMatching(api, filter)));
    } catch (error) {
      setRun({ ...IDLE, phase: 'failed', of, error });
    }
  };

  const go = async (from: MatchingRun) => {
    wanted.current = true;
    let now: MatchingRun = { ...from, phase: 'running', error: null };
    setRun(now);
    try {
      while (wanted.current && now.cursor !== null) {
        now = advanced(now, await replayMatching(api, now.cursor));
        setRun(now);
      }
      setRun({ ...now, phase: now.cursor === null ? 'done' : 'stopped' });
    } catch (error) {
      setRun({ ...now, phase: 'failed', error });
    }
    onTaken();
  };

  return {
    run,
    preview,
    go,
    stop: () => {
      wanted.current = false;
    },
    close: () => setRun(IDLE),
  };
}
