import createClient, {
  type Client,
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
} from 'openapi-fetch';
import { type ServerClock, serverClock } from '@/lib/time/serverClock';
import type { Decoder } from './decode';
import { ApiProblem, problemOf, unreachable } from './problem';
import type { paths } from './schema';

/** Where the access token comes from; `renewed` is true when the server just refused the last one. */
export type TokenSource = (renewed: boolean) => Promise<string>;

/** The operations as the API's description has them, by their paths behind the base of the client. */
type Operations = {
  [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Rest : never]: paths[Path];
};

/** Satisfied by anything while every field that is decoded is one that the answer is described to have. */
type Described<T, Answer> = T extends readonly unknown[]
  ? unknown
  : Exclude<keyof T, keyof Answer> extends never
    ? unknown
    : { 'the description has no field': Exclude<keyof T, keyof Answer> };

/** Asks for one operation: path, parameters and body are checked against the description. */
export type Ask<Answer, T = unknown> = (
  operations: Client<Operations, 'application/json'>,
) => Promise<{ data?: Answer; response: Response } & Described<T, Answer>>;

type StreamQuery = Operations['/stream']['get']['parameters']['query'];

const TIMEOUT_MS = 30_000;

/** The REST API: bearer token per request, one renewal on 401, problems as {@link ApiProblem}. */
export class ApiClient {
  readonly #base: string;
  readonly #token: TokenSource;
  readonly #clock: ServerClock;
  readonly #operations: Client<Operations, 'application/json'>;

  constructor(base: string, token: TokenSource, clock: ServerClock = serverClock) {
    this.#base = base.replace(/\/$/, '');
    this.#token = token;
    this.#clock = clock;
    this.#operations = createClient<Operations, 'application/json'>({
      baseUrl: this.#base,
      fetch: (request) => this.#send(request),
      headers: { Accept: 'application/json, application/problem+json' },
      cache: 'no-store',
    });
  }

  async read<T, Answer>(decoder: Decoder<T>, ask: Ask<Answer, T>): Promise<T> {
    const { data } = await ask(this.#operations);
    return decoder(data, '');
  }

  /** Like {@link read}, with the entity tag that an update must present. */
  async readTagged<T, Answer>(
    decoder: Decoder<T>,
    ask: Ask<Answer, T>,
  ): Promise<{ value: T; etag: string | null }> {
    const { data, response } = await ask(this.#operations);
    return { value: decoder(data, ''), etag: response.headers.get('etag') };
  }

  async send(ask: Ask<unknown>): Promise<void> {
    await ask(this.#operations);
  }

  /** The address of what is no single answer. */
  streamUrl(query: StreamQuery): string {
    return createFinalURL<Operations['/stream']['get']>('/stream', {
      baseUrl: this.#base,
      params: { query },
      querySerializer: createQuerySerializer(),
      pathSerializer: defaultPathSerializer,
    });
  }

  async #send(request: Request): Promise<Response> {
    const again = request.clone();
    let response = await this.#attempt(request, false);
    if (response.status === 401) response = await this.#attempt(again, true);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #attempt(request: Request, renewed: boolean): Promise<Response> {
    request.headers.set('Authorization', `Bearer ${await this.#token(renewed)}`);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const sentAt = Date.now();
    try {
      const response = await fetch(request, { signal: AbortSignal.any([request.signal, timeout]) });
      this.#clock.learnFromDate(response.headers.get('date'), sentAt, Date.now());
      return response;
    } catch (error) {
      if (request.signal.aborted) throw error;
      if (timeout.aborted)
        throw new ApiProblem({ status: 0, title: 'The server took too long', detail: '30 s passed.' });
      throw unreachable();
    }
  }
}

/** Parameters without those that were not given: an operation knows no parameter that is nothing. */
export function given<T extends object>(
  parameters: T,
): { [Name in keyof T]?: Exclude<T[Name], null | undefined> } {
  return Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [Name in keyof T]?: Exclude<T[Name], null | undefined> };
}
