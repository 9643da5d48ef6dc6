/** A column view for uPlot: no copies, valid until the next change of the buffer. */
export interface SeriesView {
  times: Float64Array;
  values: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

export interface History {
  times: readonly number[];
  values: readonly (number | null)[];
  low?: readonly (number | null)[] | null;
  high?: readonly (number | null)[] | null;
}

/**
 * Samples of one series in the order of their time, each time once: history and live merged.
 *
 * A ring of twice its capacity: appending moves a window over the arrays, and only when the window reaches the end is
 * it copied back to the beginning. So the newest `capacity` samples are always contiguous and can be handed to a chart
 * as they are. Times are epoch milliseconds.
 */
export class SeriesBuffer {
  readonly #capacity: number;
  readonly #columns: [Float64Array, Float64Array, Float64Array, Float64Array];
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be at least 1, was ${capacity}`);
    this.#capacity = capacity;
    const column = () => new Float64Array(capacity * 2);
    this.#columns = [column(), column(), column(), column()];
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get lastTime(): number | null {
    return this.length === 0 ? null : (this.#columns[0][this.#end - 1] as number);
  }

  view(): SeriesView {
    const [times, values, low, high] = this.#columns.map((column) => column.subarray(this.#start, this.#end));
    return { times, values, low, high } as SeriesView;
  }

  /** Replaces what is there by an answer of the API. A missing value is no sample: it becomes a gap by its absence. */
  load(history: History): void {
    this.#start = 0;
    this.#end = 0;
    history.times.forEach((time, index) => {
      const value = history.values[index];
      if (value === null || value === undefined) return;
      this.add(time, value, history.low?.[index] ?? value, history.high?.[index] ?? value);
    });
  }

  /** Puts an answer about `from <= time < to` in place of what is there of these times; the rest stays. */
  replaceRange(from: number, to: number, history: History): void {
    const { times, values, low, high } = this.view();
    const kept = [...times.keys()].filter((index) => {
      const time = times[index] as number;
      return time < from || time >= to;
    });
    const column = (source: Float64Array) => kept.map((index) => source[index] as number);
    const rest = { times: column(times), values: column(values), low: column(low), high: column(high) };
    this.load(rest);
    history.times.forEach((time, index) => {
      const value = history.values[index];
      if (value === null || value === undefined || time < from || time >= to) return;
      this.add(time, value, history.low?.[index] ?? value, history.high?.[index] ?? value);
    });
  }

  /** Adds a sample; one with the same time replaces the older one, a late one goes to its place. */
  add(time: number, value: number, low = value, high = value): void {
    if (!Number.isFinite(time) || !Number.isFinite(value)) return;
    const last = this.lastTime;
    if (last === null || time > last) {
      this.#makeRoom();
      this.#put(this.#end++, time, value, low, high);
      return;
    }
    if (this.#columns[0][this.#firstNotBefore(time)] !== time) {
      // Older than everything a full ring holds: it would be the next to leave anyway.
      if (this.length >= this.#capacity && time < (this.#columns[0][this.#start] as number)) return;
      this.#makeRoom();
      const place = this.#firstNotBefore(time);
      for (const column of this.#columns) column.copyWithin(place + 1, place, this.#end);
      this.#end++;
      this.#put(place, time, value, low, high);
      return;
    }
    this.#put(this.#firstNotBefore(time), time, value, low, high);
  }

  /** Forgets what lies before `time`, except the last such sample: the line enters the picture from it. */
  trimBefore(time: number): void {
    const first = this.#firstNotBefore(time);
    this.#start = Math.max(this.#start, first - 1);
  }

  #put(at: number, time: number, value: number, low: number, high: number): void {
    const [times, values, lows, highs] = this.#columns;
    times[at] = time;
    values[at] = value;
    lows[at] = low;
    highs[at] = high;
  }

  #makeRoom(): void {
    if (this.length >= this.#capacity) this.#start++;
    if (this.#end < this.#capacity * 2) return;
    for (const column of this.#columns) column.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  #firstNotBefore(time: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#columns[0][middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
