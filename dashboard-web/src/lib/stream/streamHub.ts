import type { ApiClient, TokenSource } from '@/lib/api/client';
import { serverClock } from '@/lib/time/serverClock';
import { SseClient, type SseStatus } from './sseClient';

export type StreamListener = (name: string, data: unknown) => void;

/** What the shell says about the link; `dataTo` is set once it has been down for longer than a hiccup. */
export interface Link {
  phase: 'connecting' | 'live' | 'reconnecting' | 'offline' | 'refused' | 'paused';
  retryAt: number | null;
  /** Server-corrected time up to which what is shown is known to be complete; null while the link is up. */
  dataTo: number | null;
  lastEventId: string | null;
  httpStatus: number | null;
}

/** A shorter interruption is not worth a word. */
const HICCUP_MS = 5000;
/** A hidden tab keeps its stream for this long. */
const HIDDEN_MS = 60_000;
/** Names of streams that are of no device; the first is what the server calls all of them, the other no device can be called. */
const FLEET = '*';
const LEDGER = '(ledger)';
const FLEET_TOPICS = ['presence', 'alerts', 'system'];
const DEVICE_TOPICS = ['samples'];
const LEDGER_TOPICS = ['ledger'];

interface Channel {
  client: SseClient;
  listeners: Set<StreamListener>;
  openedAt: number;
}

/**
 * All streams of this tab, outside React: they survive a change of page.
 *
 * One stream carries presence, alerts and the pipeline for the whole tab; a second one exists while a device page is
 * open and carries its samples, or while the ledger is looked at.
 */
export class StreamHub {
  readonly #api: ApiClient;
  readonly #token: TokenSource;
  readonly #channels = new Map<string, Channel>();
  readonly #linkListeners = new Set<() => void>();
  #link: Link = { phase: 'connecting', retryAt: null, dataTo: null, lastEventId: null, httpStatus: null };
  #downSince: number | null = null;
  #hiccup: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;
  #paused = false;

  constructor(api: ApiClient, token: TokenSource) {
    this.#api = api;
    this.#token = token;
  }

  /** Begins to react to the tab being hidden and the network coming back; returns the end of it. */
  watchPage(): () => void {
    const onVisibility = () => this.#onVisibility();
    const onOnline = () => this.retryNow();
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('online', onOnline);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('online', onOnline);
      clearTimeout(this.#hidden);
      clearTimeout(this.#hiccup);
      for (const channel of this.#channels.values()) channel.client.close();
      this.#channels.clear();
    };
  }

  /** Events about the whole fleet: `presence`, `alerts`, `system`. */
  onFleet(listener: StreamListener): () => void {
    return this.#listen(FLEET, FLEET_TOPICS, listener);
  }

  /** Samples of one device, and what the store changes of them later; `hello` tells that the server now sends them. */
  onDevice(device: string, listener: StreamListener): () => void {
    return this.#listen(device, DEVICE_TOPICS, listener);
  }

  /** Minutes of the ledger as they change. A stream of its own: the server reads the ledger only while somebody looks. */
  onLedger(listener: StreamListener): () => void {
    return this.#listen(LEDGER, LEDGER_TOPICS, listener);
  }

  retryNow(): void {
    for (const channel of this.#channels.values()) channel.client.retryNow();
  }

  subscribeLink = (listener: () => void): (() => void) => {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  };

  link = (): Link => this.#link;

  #listen(name: string, topics: string[], listener: StreamListener): () => void {
    let channel = this.#channels.get(name);
    if (!channel) {
      channel = this.#createChannel(name, topics);
      this.#channels.set(name, channel);
      if (!this.#paused) channel.client.open();
    }
    channel.listeners.add(listener);
    const joined = channel;
    return () => {
      joined.listeners.delete(listener);
      if (joined.listeners.size > 0 || name === FLEET) return;
      joined.client.close();
      this.#channels.delete(name);
    };
  }

  #createChannel(name: string, topics: string[]): Channel {
    const listeners = new Set<StreamListener>();
    const channel: Channel = { listeners, openedAt: Date.now(), client: undefined as unknown as SseClient };
    channel.client = new SseClient({
      url: () =>
        this.#api.streamUrl({ topics: topics.join(','), ...(name === LEDGER ? {} : { device: [name] }) }),
      token: this.#token,
      onEvent: (event) => {
        const data = parseJson(event.data);
        if (data === undefined) return;
        if (event.event === 'hello') this.#onHello(channel, data);
        if (event.event === 'reset') channel.client.forgetPosition();
        for (const listener of listeners) listener(event.event ?? 'message', data);
      },
      onStatus: (status) => {
        if (status.state === 'connecting') channel.openedAt = Date.now();
        if (name === FLEET) this.#onFleetStatus(status);
      },
    });
    return channel;
  }

  #onHello(channel: Channel, data: unknown): void {
    const { heartbeatSeconds, serverTime } = (data ?? {}) as Record<string, unknown>;
    if (typeof heartbeatSeconds === 'number') channel.client.setHeartbeat(heartbeatSeconds * 1000);
    if (typeof serverTime === 'string') {
      serverClock.learnFromInstant(Date.parse(serverTime), Date.now() - channel.openedAt);
    }
  }

  #onFleetStatus(status: SseStatus): void {
    const up = status.state === 'open';
    if (up) {
      this.#downSince = null;
      clearTimeout(this.#hiccup);
      this.#hiccup = undefined;
    } else if (this.#downSince === null && status.state !== 'closed') {
      this.#downSince = status.lastByteAt ?? Date.now();
      this.#hiccup = setTimeout(() => this.#setLink(this.#withLoss(this.#link)), HICCUP_MS);
    }
    const { retryAt, lastEventId, httpStatus } = status;
    this.#setLink(
      this.#withLoss({ phase: this.#phaseOf(status), retryAt, dataTo: null, lastEventId, httpStatus }),
    );
  }

  #withLoss(link: Link): Link {
    if (this.#downSince === null || Date.now() - this.#downSince < HICCUP_MS) return link;
    const phase = link.phase === 'refused' ? 'refused' : 'offline';
    return { ...link, phase, dataTo: this.#downSince + serverClock.offsetMs };
  }

  #phaseOf(status: SseStatus): Link['phase'] {
    switch (status.state) {
      case 'open':
        return 'live';
      case 'connecting':
        return status.lastByteAt === null ? 'connecting' : 'reconnecting';
      case 'waiting':
        return 'reconnecting';
      case 'refused':
        return 'refused';
      case 'closed':
        return 'paused';
    }
  }

  #setLink(link: Link): void {
    this.#link = link;
    for (const listener of this.#linkListeners) listener();
  }

  #onVisibility(): void {
    clearTimeout(this.#hidden);
    if (document.hidden) {
      this.#hidden = setTimeout(() => {
        this.#paused = true;
        for (const channel of this.#channels.values()) channel.client.close();
      }, HIDDEN_MS);
    } else if (this.#paused) {
      this.#paused = false;
      for (const channel of this.#channels.values()) channel.client.open();
    }
  }
}

/** Undefined for text that is no JSON: one broken event must not end the stream. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
