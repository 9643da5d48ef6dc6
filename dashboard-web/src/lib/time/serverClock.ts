/**
 * The server's clock as seen from this browser.
 *
 * Ages must not depend on the clock of the machine that shows them: a laptop four minutes ahead would call every
 * fresh value stale. Each answer's `Date` header bounds the offset by half a second plus half the round trip; the
 * tightest bound of the last ten minutes is used.
 */
const MEMORY_MS = 600_000;
const DATE_HEADER_RESOLUTION_MS = 1000;

export class ServerClock {
  #offsetMs = 0;
  #uncertaintyMs = Number.POSITIVE_INFINITY;
  #measuredAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Epoch milliseconds by the server's clock. */
  now(): number {
    return this.#now() + this.#offsetMs;
  }

  /** How far the server is ahead of this browser, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Half width of the offset's bound in milliseconds; infinite before the first answer. */
  get uncertaintyMs(): number {
    return this.#uncertaintyMs;
  }

  /** Learns from an answer's `Date` header; the times are this browser's, around the request. */
  learnFromDate(header: string | null, sentAt: number, receivedAt: number): void {
    if (header === null) return;
    const date = Date.parse(header);
    if (Number.isNaN(date)) return;
    const middle = (sentAt + receivedAt) / 2;
    this.#offer(
      date + DATE_HEADER_RESOLUTION_MS / 2 - middle,
      (DATE_HEADER_RESOLUTION_MS + receivedAt - sentAt) / 2,
    );
  }

  /** Learns from an exact server time that took at most `latencyMs` to arrive. */
  learnFromInstant(serverMs: number, latencyMs: number): void {
    if (!Number.isFinite(serverMs)) return;
    this.#offer(serverMs + latencyMs / 2 - this.#now(), Math.max(1, latencyMs / 2));
  }

  #offer(offsetMs: number, uncertaintyMs: number): void {
    const age = this.#now() - this.#measuredAt;
    const contradicts = Math.abs(offsetMs - this.#offsetMs) > uncertaintyMs + this.#uncertaintyMs;
    if (uncertaintyMs > this.#uncertaintyMs && age < MEMORY_MS && !contradicts) return;
    this.#offsetMs = offsetMs;
    this.#uncertaintyMs = uncertaintyMs;
    this.#measuredAt = this.#now();
  }
}

export const serverClock = new ServerClock();
