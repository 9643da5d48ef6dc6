import { type ServerClock, serverClock } from '@/lib/time/serverClock';
import type { Decoder } from './decode';
import { ApiProblem, problemOf, unreachable } from './problem';

/** Where the access token comes from; `renewed` is true when the server just refused the last one. */
export type TokenSource = (renewed: boolean) => Promise<string>;

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

interface Options {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;

/** The REST API: bearer token per request, one renewal on 401, problems as {@link ApiProblem}. */
export class ApiClient {
  readonly #base: string;
  readonly #token: TokenSource;
  readonly #clock: ServerClock;

  constructor(base: string, token: TokenSource, clock: ServerClock = serverClock) {
    this.#base = base.replace(/\/$/, '');
    this.#token = token;
    this.#clock = clock;
  }

  async read<T>(path: string, decoder: Decoder<T>, options: Options = {}): Promise<T> {
    const response = await this.#send(path, options);
    return decoder(await response.json(), '');
  }

  /** Like {@link read}, with the entity tag that an update must present. */
  async readTagged<T>(
    path: string,
    decoder: Decoder<T>,
    options: Options = {},
  ): Promise<{ value: T; etag: string | null }> {
    const response = await this.#send(path, options);
    return { value: decoder(await response.json(), ''), etag: response.headers.get('etag') };
  }

  async send(path: string, options: Options): Promise<void> {
    await this.#send(path, options);
  }

  url(path: string, query: Query = {}): string {
    const parameters = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value === null || value === undefined || value === '') continue;
      for (const item of Array.isArray(value) ? value : [value]) parameters.append(key, String(item));
    }
    const text = parameters.toString();
    return `${this.#base}${path}${text ? `?${text}` : ''}`;
  }

  async #send(path: string, options: Options): Promise<Response> {
    let response = await this.#attempt(path, options, false);
    if (response.status === 401) response = await this.#attempt(path, options, true);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #attempt(path: string, options: Options, renewed: boolean): Promise<Response> {
    const token = await this.#token(renewed);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const sentAt = Date.now();
    try {
      const response = await fetch(this.url(path, options.query), {
        method: options.method ?? 'GET',
        headers: {
          Accept: 'application/json, application/problem+json',
          Authorization: `Bearer ${token}`,
          ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...options.headers,
        },
        body: options.body === undefined ? null : JSON.stringify(options.body),
        cache: 'no-store',
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      });
      this.#clock.learnFromDate(response.headers.get('date'), sentAt, Date.now());
      return response;
    } catch (error) {
      if (options.signal?.aborted) throw error;
      if (timeout.aborted)
        throw new ApiProblem({ status: 0, title: 'The server took too long', detail: '30 s passed.' });
      throw unreachable();
    }
  }
}
