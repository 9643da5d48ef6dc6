import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SseClient, type SseOptions } from './sseClient';

interface Call {
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** A server by hand: each attempt takes the next of the prepared answers. */
class FakeServer {
  readonly calls: Call[] = [];
  readonly #answers: (() => Response)[] = [];
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  status(code: number): this {
    this.#answers.push(() => new Response(null, { status: code }));
    return this;
  }

  stream(): this {
    this.#answers.push(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start: (controller) => {
              this.#controller = controller;
            },
          }),
        ),
    );
    return this;
  }

  send(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.#controller?.close();
  }

  readonly fetch = async (_url: unknown, init: RequestInit): Promise<Response> => {
    const signal = init.signal as AbortSignal;
    this.calls.push({ headers: init.headers as Record<string, string>, signal });
    const answer = this.#answers.shift();
    if (!answer) throw new TypeError('network down');
    const controller = () => this.#controller;
    const response = answer();
    signal.addEventListener('abort', () => controller()?.error(new DOMException('aborted', 'AbortError')));
    return response;
  };
}

let server: FakeServer;
let client: SseClient;
let events: { event: string | undefined; data: string }[];
let tokens: boolean[];

function open(options: Partial<SseOptions> = {}): void {
  client = new SseClient({
    url: () => '/stream',
    token: async (renewed) => {
      tokens.push(renewed);
      return `token-${tokens.length}`;
    },
    onEvent: ({ event, data }) => events.push({ event, data }),
    random: () => 0,
    ...options,
  });
  client.open();
}

/** Lets everything that is due now happen, microtasks and stream reads included. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  events = [];
  tokens = [];
  vi.stubGlobal('fetch', server.fetch);
});

afterEach(() => {
  client.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('SseClient', () => {
  it('givenEventInTwoPieces_whenRead_thenItArrivesWhole', async () => {
    server.stream();
    open();
    await settle();

    server.send('id: 7\nevent: samples\nda');
    server.send('ta: [1]\n\n');
    await settle();

    expect(events).toEqual([{ event: 'samples', data: '[1]' }]);
    expect(client.status).toMatchObject({ state: 'open', lastEventId: '7' });
  });

  it('givenLostConnection_whenTriedAgain_thenANewTokenAndTheLastIdAreSent', async () => {
    server.stream().stream();
    open();
    await settle();
    server.send('id: 41\ndata: 1\n\n');
    await settle();
    server.end();
    await settle();
    expect(client.status.state).toBe('waiting');

    await vi.advanceTimersByTimeAsync(1000);

    expect(server.calls).toHaveLength(2);
    expect(server.calls[1]?.headers).toMatchObject({
      Authorization: 'Bearer token-2',
      'Last-Event-ID': '41',
    });
  });

  it('givenNoByteForThreeHeartbeats_whenWatched_thenTheLinkIsCutAndMadeAnew', async () => {
    server.stream().stream();
    open({ heartbeatMs: 5000 });
    await settle();
    server.send(': beat\n\n');
    await settle();

    await vi.advanceTimersByTimeAsync(14_999);
    expect(server.calls[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(server.calls[0]?.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.calls).toHaveLength(2);
  });

  it('givenHeartbeats_whenNothingElseComes_thenTheLinkStays', async () => {
    server.stream();
    open({ heartbeatMs: 5000 });
    await settle();
    for (let beat = 0; beat < 6; beat++) {
      server.send(': beat\n\n');
      await vi.advanceTimersByTimeAsync(5000);
    }

    expect(server.calls).toHaveLength(1);
    expect(client.status.state).toBe('open');
  });

  it('given401_whenFirst_thenTheTokenIsRenewedOnceAndTriedAtOnce', async () => {
    server.status(401).stream();
    open();
    await settle();

    expect(tokens).toEqual([false, true]);
    expect(client.status.state).toBe('open');
  });

  it('given401_whenTheNewTokenIsRefusedToo_thenItEnds', async () => {
    server.status(401).status(401);
    open();
    await settle();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(server.calls).toHaveLength(2);
    expect(client.status).toMatchObject({ state: 'refused', httpStatus: 401 });
  });

  it('given403_whenAnswered_thenItIsNotTriedAgain', async () => {
    server.status(403);
    open();
    await settle();
    await vi.advanceTimersByTimeAsync(120_000);

    expect(server.calls).toHaveLength(1);
    expect(client.status.state).toBe('refused');
  });

  it('givenServerDown_whenTriedAgainAndAgain_thenTheDelayDoublesUpToTheLimit', async () => {
    const delays: number[] = [];
    open({
      minBackoffMs: 1000,
      maxBackoffMs: 8000,
      random: () => 1,
      onStatus: ({ state, retryAt }) => {
        if (state === 'waiting' && retryAt !== null) delays.push(retryAt - Date.now());
      },
    });
    await vi.advanceTimersByTimeAsync(40_000);

    expect(delays.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 8000]);
  });

  it('givenRetryFromTheServer_whenLost_thenTheFirstDelayFollowsIt', async () => {
    server.stream();
    open({ random: () => 1 });
    await settle();
    server.send('retry: 3000\n\n');
    await settle();
    server.end();
    await settle();

    expect((client.status.retryAt ?? 0) - Date.now()).toBe(3000);
  });

  it('givenClosed_whenTimePasses_thenNothingIsAskedAnyMore', async () => {
    server.stream();
    open();
    await settle();
    client.close();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(server.calls).toHaveLength(1);
    expect(client.status.state).toBe('closed');
  });
});
