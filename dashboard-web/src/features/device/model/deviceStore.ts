import * as decode from '@/lib/api/decoders';
import type { DataAnswer, DataSeries, LatestSample } from '@/lib/api/types';
import { SeriesBuffer } from '@/lib/chart/seriesBuffer';
import type { StreamListener } from '@/lib/stream/streamHub';
import { type Refetch, type Shown, StoredChanges } from './storedChanges';

/** More samples than any chart has pixels for, few enough to keep for a dozen metrics. */
const CAPACITY = 20_000;
/** Figures on the page follow the stream at this pace; the charts draw from the buffers at their own. */
const FIGURES_EVERY_MS = 500;
/** When the stream says nothing, history is fetched all the same. */
const HELLO_PATIENCE_MS = 1500;
/** Changes of the store come in bursts, one for each step of a correction or of its repair. */
const CHANGES_EVERY_MS = 300;

export interface Newest {
  timeMs: number;
  value: number | null;
  text: string | null;
}

export interface StateSpan {
  timeMs: number;
  text: string;
}

export interface StoreState {
  phase: 'loading' | 'ready' | 'failed';
  error: unknown;
  answer: DataAnswer | null;
  newest: ReadonlyMap<string, Newest>;
  /** Samples that arrived since the picture was paused. */
  unseen: number;
}

export interface StoreInputs {
  subscribe: (listener: StreamListener) => () => void;
  fetchHistory: (signal: AbortSignal) => Promise<DataAnswer>;
  /** A part of the history at the given resolution. */
  fetchPart: (part: Refetch, resolution: string, signal: AbortSignal) => Promise<DataAnswer>;
  shown: () => Shown;
  /** What is stored of the device has changed: other answers about it may be out of date. */
  onStoredChange: () => void;
  /** Live samples are drawn; otherwise only figures follow the stream. */
  appendLive: boolean;
}

interface Pending {
  metric: string;
  times: readonly number[];
  values: readonly number[] | readonly string[];
}

/**
 * History and live samples of one device, merged without a hole: subscribe first, keep what arrives, fetch the
 * history, then add what was kept. Each (metric, time) exists once, the later arrival wins.
 *
 * Lives outside React: samples are no render state. A new `hello` means that the stream was away, so history is
 * fetched again for what was missed.
 */
export class DeviceStore {
  readonly #device: string;
  readonly #inputs: StoreInputs;
  readonly #buffers = new Map<string, SeriesBuffer>();
  readonly #states = new Map<string, StateSpan[]>();
  readonly #newest = new Map<string, Newest>();
  readonly #listeners = new Set<() => void>();
  /** Newest values that may have been taken away: an older one may follow them. */
  readonly #doubtful = new Map<string, number>();
  #pending: Pending[] = [];
  /** What arrived while a part was fetched. */
  #during: Pending[] = [];
  #version = 0;
  #seenVersion = 0;
  #paused = false;
  #abort: AbortController | null = null;
  #unsubscribe: (() => void) | null = null;
  readonly #changes = new StoredChanges();
  #partAbort: AbortController | null = null;
  #changesTimer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #notifyTimer: ReturnType<typeof setTimeout> | undefined;
  #state: StoreState = { phase: 'loading', error: null, answer: null, newest: new Map(), unseen: 0 };

  constructor(device: string, inputs: StoreInputs) {
    this.#device = device;
    this.#inputs = inputs;
  }

  start(): () => void {
    this.#unsubscribe = this.#inputs.subscribe((name, data) => this.#onEvent(name, data));
    this.#patience = setTimeout(() => void this.reload(), HELLO_PATIENCE_MS);
    return () => {
      this.#unsubscribe?.();
      this.#abort?.abort();
      this.#partAbort?.abort();
      clearTimeout(this.#patience);
      clearTimeout(this.#notifyTimer);
      clearTimeout(this.#changesTimer);
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): StoreState => this.#state;

  /** Grows with each change of a buffer. */
  version = (): number => this.#version;

  buffer(metric: string): SeriesBuffer {
    let buffer = this.#buffers.get(metric);
    if (!buffer) {
      buffer = new SeriesBuffer(CAPACITY);
      this.#buffers.set(metric, buffer);
    }
    return buffer;
  }

  states(metric: string): readonly StateSpan[] {
    return this.#states.get(metric) ?? [];
  }

  /** Values known from another request; an older one never replaces a newer one. */
  offerLatest(samples: readonly LatestSample[]): void {
    for (const sample of samples) {
      if (this.#doubtful.get(sample.metric) === this.#newest.get(sample.metric)?.timeMs)
        this.#newest.delete(sample.metric);
      this.#doubtful.delete(sample.metric);
      this.#offerNewest(sample.metric, {
        timeMs: Date.parse(sample.time),
        value: sample.value,
        text: sample.text,
      });
    }
    this.#notifySoon();
  }

  /** The picture stands still; what arrives is kept and counted. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#seenVersion = this.#version;
    this.#publish({ unseen: 0 });
  }

  /** Fetches the window again; what arrives meanwhile is added afterwards. */
  async reload(): Promise<void> {
    clearTimeout(this.#patience);
    this.#abort?.abort();
    this.#partAbort?.abort();
    this.#partAbort = null;
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const answer = await this.#inputs.fetchHistory(abort.signal);
      if (abort.signal.aborted) return;
      for (const series of answer.series) {
        this.#loadSeries(series);
        if (answer.resolution === 'raw') this.#offerEndOf(series);
      }
      this.#abort = null;
      const kept = this.#pending;
      this.#pending = [];
      for (const batch of kept) this.#append(batch);
      this.#version++;
      this.#publish({ phase: 'ready', error: null, answer });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#abort = null;
      this.#publish({ phase: this.#state.answer ? 'ready' : 'failed', error });
    }
  }

  #onChanges(data: unknown): void {
    const changes = decode.storedChanges(data, 'changed').filter((change) => change.device === this.#device);
    for (const change of changes) {
      this.#changes.add(change);
      const newest = this.#newest.get(change.metric);
      if (newest && newest.timeMs >= Date.parse(change.from) && newest.timeMs <= Date.parse(change.to))
        this.#doubtful.set(change.metric, newest.timeMs);
    }
    if (changes.length > 0) this.#fetchChangesSoon();
  }

  #fetchChangesSoon(): void {
    this.#changesTimer ??= setTimeout(() => {
      this.#changesTimer = undefined;
      void this.#fetchChanges();
    }, CHANGES_EVERY_MS);
  }

  /** Fetches what has changed and nothing else. One such fetch at a time; what changes meanwhile comes with the next. */
  async #fetchChanges(): Promise<void> {
    if (this.#abort !== null || this.#partAbort !== null) {
      this.#fetchChangesSoon(); // an answer that is under way may have been read before the change
      return;
    }
    this.#inputs.onStoredChange();
    const answer = this.#state.answer;
    const parts = answer && this.#changes.take(this.#inputs.shown(), answer.resolution);
    if (!answer || !parts || this.#holdsText(parts)) return this.reload();
    const abort = new AbortController();
    this.#partAbort = abort;
    try {
      for (const part of parts) {
        const fresh = await this.#inputs.fetchPart(part, answer.resolution, abort.signal);
        if (abort.signal.aborted) return;
        if (fresh.resolution !== answer.resolution || fresh.truncated) return void (await this.reload());
        this.#replace(part, fresh);
      }
      for (const batch of this.#during) this.#append(batch);
    } catch (error) {
      if (!abort.signal.aborted) this.#publish({ error });
    } finally {
      if (this.#partAbort === abort) this.#partAbort = null;
      this.#during = [];
      if (!this.#changes.isEmpty) this.#fetchChangesSoon();
    }
  }

  /** Text is told by its changes, which a part would cut through. */
  #holdsText(parts: readonly Refetch[]): boolean {
    return parts.some((part) => part.metrics.some((metric) => this.#states.has(metric)));
  }

  #replace({ metrics, fromMs, toMs }: Refetch, part: DataAnswer): void {
    // What is newer than the store is known from the stream only.
    const storedToMs = part.dataThrough ? Math.min(toMs, Date.parse(part.dataThrough)) : toMs;
    for (const metric of metrics) {
      const series = part.series.find((one) => one.metric === metric);
      const history = series
        ? {
            times: series.times,
            values: series.values ?? series.avg ?? [],
            low: series.min,
            high: series.max,
          }
        : { times: [], values: [] };
      this.buffer(metric).replaceRange(fromMs, storedToMs, history);
      if (series && part.resolution === 'raw') this.#offerEndOf(series);
    }
    this.#version++;
    this.#publish({ error: null });
  }

  #onEvent(name: string, data: unknown): void {
    if (name === 'hello' || name === 'reset') {
      void this.reload();
    } else if (name === 'changed') {
      this.#onChanges(data);
    } else if (name === 'samples') {
      for (const batch of decode.sampleBatches(data, 'samples'))
        if (batch.device === this.#device) this.#take(batch);
    } else if (name === 'states') {
      for (const batch of decode.stateBatches(data, 'states'))
        if (batch.device === this.#device) this.#take(batch);
    }
  }

  #take(batch: Pending): void {
    batch.times.forEach((timeMs, index) => {
      const value = batch.values[index];
      if (value === undefined) return;
      const isText = typeof value === 'string';
      this.#offerNewest(batch.metric, { timeMs, value: isText ? null : value, text: isText ? value : null });
    });
    if (this.#inputs.appendLive) {
      if (this.#abort !== null || this.#state.phase === 'loading') this.#pending.push(batch);
      else this.#append(batch);
      if (this.#partAbort !== null) this.#during.push(batch);
      this.#version++;
    }
    this.#notifySoon();
  }

  #append(batch: Pending): void {
    batch.times.forEach((timeMs, index) => {
      const value = batch.values[index];
      if (typeof value === 'number') this.buffer(batch.metric).add(timeMs, value);
      else if (typeof value === 'string') this.#addState(batch.metric, { timeMs, text: value });
    });
  }

  #loadSeries(series: DataSeries): void {
    if (series.texts) {
      this.#states.set(series.metric, []);
      series.texts.forEach((text, index) => {
        const timeMs = series.times[index];
        if (text !== null && timeMs !== undefined) this.#addState(series.metric, { timeMs, text });
      });
      return;
    }
    const values = series.values ?? series.avg ?? [];
    this.buffer(series.metric).load({ times: series.times, values, low: series.min, high: series.max });
  }

  /** The end of a raw answer may be newer than what was known; a bucket's average is nobody's newest value. */
  #offerEndOf(series: DataSeries): void {
    const timeMs = series.times.at(-1);
    const value = series.values?.at(-1) ?? null;
    const text = series.texts?.at(-1) ?? null;
    if (timeMs !== undefined && (value !== null || text !== null))
      this.#offerNewest(series.metric, { timeMs, value, text });
  }

  #addState(metric: string, span: StateSpan): void {
    const spans = this.#states.get(metric) ?? [];
    const last = spans.at(-1);
    if (last && span.timeMs <= last.timeMs) return;
    // A state that is only said again is no change.
    this.#states.set(metric, last?.text === span.text ? spans : [...spans, span]);
  }

  #offerNewest(metric: string, newest: Newest): void {
    const old = this.#newest.get(metric);
    if (!old || newest.timeMs >= old.timeMs) this.#newest.set(metric, newest);
  }

  #notifySoon(): void {
    this.#notifyTimer ??= setTimeout(() => {
      this.#notifyTimer = undefined;
      this.#publish({ unseen: this.#paused ? this.#version - this.#seenVersion : 0 });
    }, FIGURES_EVERY_MS);
  }

  #publish(change: Partial<StoreState>): void {
    this.#state = { ...this.#state, newest: new Map(this.#newest), ...change };
    for (const listener of this.#listeners) listener();
  }
}
