import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { TokenSource } from '@/lib/api/client';

export type LinkState =
  | 'connecting'
  | 'open'
  /** Lost; another attempt follows. */
  | 'waiting'
  /** Refused for good: no permission, or the address does not exist. */
  | 'refused'
  | 'closed';

export interface SseStatus {
  state: LinkState;
  /** When the next attempt begins, epoch milliseconds by this browser's clock. */
  retryAt: number | null;
  lastEventId: string | null;
  /** When the last byte came, heartbeats included; by this browser's clock. */
  lastByteAt: number | null;
  httpStatus: number | null;
}

export interface SseOptions {
  url: () => string;
  token: TokenSource;
  onEvent: (event: EventSourceMessage) => void;
  onStatus?: (status: SseStatus) => void;
  /** Heartbeat promised by the server; three silent ones mean a dead link. Default 5 s. */
  heartbeatMs?: number;
  minBackoffMs?: number;
  maxBackoffMs?: number;
  random?: () => number;
}

const DEFAULT_HEARTBEAT_MS = 5000;
const SILENT_HEARTBEATS = 3;

/**
 * Server-sent events over `fetch`, because `EventSource` can send no bearer token and gives up on a 5xx.
 *
 * A token is asked for at each attempt, `Last-Event-ID` resumes, back-off doubles with jitter up to 30 s, a link
 * without a byte for three heartbeats is cut and made anew, 401 renews the token once, 403 and 404 end the matter.
 */
export class SseClient {
  readonly #options: Required<Pick<SseOptions, 'minBackoffMs' | 'maxBackoffMs' | 'random'>> & SseOptions;
  #heartbeatMs: number;
  #retryMs: number | null = null;
  #failures = 0;
  #abort: AbortController | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #tokenRefused = false;
  #status: SseStatus = {
    state: 'closed',
    retryAt: null,
    lastEventId: null,
    lastByteAt: null,
    httpStatus: null,
  };

  constructor(options: SseOptions) {
    this.#options = { minBackoffMs: 500, maxBackoffMs: 30_000, random: Math.random, ...options };
    this.#heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS;
  }

  get status(): SseStatus {
    return this.#status;
  }

  open(): void {
    if (this.#running) return;
    this.#running = true;
    this.#failures = 0;
    void this.#attempt();
  }

  close(): void {
    this.#running = false;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#watchdog);
    this.#abort?.abort();
    this.#report({ state: 'closed', retryAt: null });
  }

  /** Tries at once instead of waiting out the back-off: the person asked, or the browser came back online. */
  retryNow(): void {
    if (!this.#running || this.#status.state !== 'waiting') return;
    clearTimeout(this.#retryTimer);
    void this.#attempt();
  }

  setHeartbeat(milliseconds: number): void {
    if (milliseconds > 0) this.#heartbeatMs = milliseconds;
  }

  /** Forgets the resume point: the server said that it is too old. */
  forgetPosition(): void {
    this.#report({ lastEventId: null });
  }

  async #attempt(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#report({ state: 'connecting', retryAt: null });
    try {
      const token = await this.#options.token(this.#tokenRefused);
      if (abort.signal.aborted || !this.#running) return;
      this.#feedWatchdog(abort);
      const response = await fetch(this.#options.url(), {
        headers: {
          Accept: 'text/event-stream',
          Authorization: `Bearer ${token}`,
          ...(this.#status.lastEventId ? { 'Last-Event-ID': this.#status.lastEventId } : {}),
        },
        cache: 'no-store',
        signal: abort.signal,
      });
      if (await this.#refusedOrRetried(response)) return;
      await this.#readAll(response, abort);
    } catch {
      // Abort by the watchdog, a reset connection, no network: all end in another attempt below.
    }
    clearTimeout(this.#watchdog);
    if (this.#running && this.#abort === abort) this.#scheduleRetry();
  }

  /** True when this attempt is settled: refused for good, or repeated at once with a renewed token. */
  async #refusedOrRetried(response: Response): Promise<boolean> {
    this.#report({ httpStatus: response.status });
    if (response.status === 401 && !this.#tokenRefused) {
      this.#tokenRefused = true;
      clearTimeout(this.#watchdog);
      await response.body?.cancel();
      void this.#attempt();
      return true;
    }
    const forGood =
      response.status === 400 ||
      response.status === 401 ||
      response.status === 403 ||
      response.status === 404;
    if (forGood || response.status === 204) {
      this.#running = false;
      clearTimeout(this.#watchdog);
      await response.body?.cancel();
      this.#report({ state: 'refused', retryAt: null });
      return true;
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`stream answered ${response.status}`);
    }
    return false;
  }

  async #readAll(response: Response, abort: AbortController): Promise<void> {
    if (response.body === null) return;
    const parser = createParser({
      onEvent: (event) => {
        if (event.id !== undefined) this.#report({ lastEventId: event.id });
        this.#options.onEvent(event);
      },
      onRetry: (milliseconds) => {
        this.#retryMs = milliseconds;
      },
    });
    const reader = response.body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    this.#tokenRefused = false;
    this.#report({ state: 'open' });
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#failures = 0;
      this.#status = { ...this.#status, lastByteAt: Date.now() };
      this.#feedWatchdog(abort);
      parser.feed(value);
    }
  }

  #feedWatchdog(abort: AbortController): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => abort.abort(), SILENT_HEARTBEATS * this.#heartbeatMs);
  }

  #scheduleRetry(): void {
    const { minBackoffMs, maxBackoffMs, random } = this.#options;
    const first = this.#failures === 0 && this.#retryMs !== null ? this.#retryMs : minBackoffMs;
    const ceiling = Math.min(maxBackoffMs, Math.max(first, minBackoffMs) * 2 ** this.#failures);
    // Half fixed, half random: a thousand tabs that lost one server must not come back in the same instant.
    const delay = ceiling / 2 + (random() * ceiling) / 2;
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#report({ state: 'waiting', retryAt: Date.now() + delay });
    this.#retryTimer = setTimeout(() => void this.#attempt(), delay);
  }

  #report(change: Partial<SseStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#options.onStatus?.(this.#status);
  }
}
