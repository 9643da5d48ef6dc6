import { delay, HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ServerClock } from '@/lib/time/serverClock';
import { ApiClient, given } from './client';
import * as decode from './decoders';
import { ApiProblem } from './problem';

const BASE = 'http://localhost:8080/api/v1';
const RULE = 'r 1/2';

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const me = { name: 'operator', tenant: 'demo', roles: [], rights: [] };
const client = (token = async (renewed: boolean) => (renewed ? 'second' : 'first')) =>
  new ApiClient(`${BASE}/`, token, new ServerClock());

const readMe = (api: ApiClient, signal?: AbortSignal) =>
  api.read(decode.me, (ask) => ask.GET('/me', signal ? { signal } : {}));

async function problemOf(asked: Promise<unknown>): Promise<ApiProblem> {
  const thrown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ApiProblem);
  return thrown as ApiProblem;
}

describe('ApiClient', () => {
  it('givenToken_whenRead_thenItIsSentAndTheAnswerIsDecoded', async () => {
    const seen: (string | null)[] = [];
    server.use(
      http.get(`${BASE}/me`, ({ request }) => {
        seen.push(request.headers.get('authorization'), request.headers.get('accept'));
        return HttpResponse.json(me);
      }),
    );

    const answer = await readMe(client());

    expect(answer.tenant).toBe('demo');
    expect(answer.limits.maxPoints).toBe(10_000);
    expect(seen).toEqual(['Bearer first', 'application/json, application/problem+json']);
  });

  it('givenTokenThatIsRefused_whenSent_thenTheSameIsSentOnceMoreWithANewOne', async () => {
    const seen: unknown[] = [];
    server.use(
      http.post(`${BASE}/alerts/:id`, async ({ request }) => {
        const token = request.headers.get('authorization');
        seen.push([token, request.headers.get('content-type'), await request.json()]);
        return new HttpResponse(null, { status: token === 'Bearer second' ? 200 : 401 });
      }),
    );

    await client().send((ask) =>
      ask.POST('/alerts/{id}:acknowledge', { params: { path: { id: 'a1' } }, body: { comment: 'seen' } }),
    );

    expect(seen).toEqual([
      ['Bearer first', 'application/json', { comment: 'seen' }],
      ['Bearer second', 'application/json', { comment: 'seen' }],
    ]);
  });

  it('givenTokenThatIsRefusedTwice_whenRead_thenItIsAProblemAndNotAskedAgain', async () => {
    let asked = 0;
    server.use(
      http.get(`${BASE}/me`, () => {
        asked += 1;
        return new HttpResponse(null, { status: 401 });
      }),
    );

    const problem = await problemOf(readMe(client()));

    expect(problem.title).toBe('Signed out');
    expect(asked).toBe(2);
  });

  it('givenRefusal_whenRead_thenItIsTheProblemWithAllItSays', async () => {
    server.use(
      http.get(`${BASE}/me`, () =>
        HttpResponse.json(
          {
            type: 'https://heliograph.dev/problems/bad-parameter',
            title: 'A parameter is not valid',
            detail: 'q makes no sense.',
            requestId: 'req-1',
            errors: [{ pointer: 'q', detail: 'not a field', position: 7 }, { pointer: 'x' }],
          },
          { status: 400, headers: { 'Content-Type': 'application/problem+json' } },
        ),
      ),
    );

    const problem = await problemOf(readMe(client()));

    expect(problem).toMatchObject({
      status: 400,
      title: 'A parameter is not valid',
      detail: 'q makes no sense.',
      requestId: 'req-1',
      slug: 'bad-parameter',
      fields: [{ pointer: 'q', detail: 'not a field', position: 7 }],
      isTransient: false,
    });
  });

  it('givenFailureOfWhatIsInFront_whenRead_thenItStillHasTitleAndRequestId', async () => {
    server.use(
      http.get(
        `${BASE}/me`,
        () => new HttpResponse('<html>', { status: 502, headers: { 'X-Request-Id': 'req-2' } }),
      ),
    );

    const problem = await problemOf(readMe(client()));

    expect(problem).toMatchObject({
      status: 502,
      title: 'The server failed',
      requestId: 'req-2',
      isTransient: true,
    });
  });

  it('givenNoServer_whenRead_thenItSaysSo', async () => {
    server.use(http.get(`${BASE}/me`, () => HttpResponse.error()));

    const problem = await problemOf(readMe(client()));

    expect(problem).toMatchObject({ status: 0, title: 'Cannot reach the server', isTransient: true });
  });

  it('givenServerThatIsTooSlow_whenRead_thenItSaysSo', async () => {
    server.use(http.get(`${BASE}/me`, () => delay('infinite')));
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());

    const problem = await problemOf(readMe(client()));

    expect(problem.title).toBe('The server took too long');
  });

  it('givenPageThatIsLeft_whenRead_thenItIsNoProblem', async () => {
    const left = new AbortController();
    server.use(
      http.get(`${BASE}/me`, async () => {
        left.abort();
        await delay('infinite');
      }),
    );

    const asked = readMe(client(), left.signal);

    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('givenNamesWithMarks_whenAsked_thenTheyArriveAsTheyAre', async () => {
    let url = new URL(BASE);
    server.use(
      http.get(`${BASE}/data/:id`, ({ request }) => {
        url = new URL(request.url);
        return HttpResponse.json({ device: 'd', series: [] });
      }),
    );

    await client().read(decode.data, (ask) =>
      ask.GET('/data/{deviceId}', {
        params: { path: { deviceId: 'a/b c' }, query: { metric: ['t&1', 'ü'], from: 'now-1h+1' } },
      }),
    );

    expect(url.pathname).toBe('/api/v1/data/a%2Fb%20c');
    expect(url.searchParams.getAll('metric')).toEqual(['t&1', 'ü']);
    expect(url.searchParams.get('from')).toBe('now-1h+1');
  });

  it('givenVersion_whenReadAndReplaced_thenTheTagGoesBack', async () => {
    let tag: string | null = null;
    server.use(
      http.get(`${BASE}/rules/:id`, () =>
        HttpResponse.json(
          { id: RULE, condition: { type: 'absence', afterSeconds: 60 } },
          { headers: { ETag: '"7"' } },
        ),
      ),
      http.delete(`${BASE}/rules/:id`, ({ request }) => {
        tag = request.headers.get('if-match');
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const api = client();

    const { value, etag } = await api.readTagged(decode.rule, (ask) =>
      ask.GET('/rules/{id}', { params: { path: { id: RULE } } }),
    );
    await api.send((ask) =>
      ask.DELETE('/rules/{id}', { params: { path: { id: RULE }, header: { 'If-Match': etag ?? '' } } }),
    );

    expect(value.condition).toEqual({ type: 'absence', afterSeconds: 60, metric: null });
    expect(tag).toBe('"7"');
  });

  it('givenTopicsAndDevice_whenStreamed_thenBothAreInTheAddress', () => {
    const url = client().streamUrl({ topics: 'presence,alerts', device: ['*'] });

    expect(url).toBe(`${BASE}/stream?topics=presence%2Calerts&device=*`);
  });

  it('givenDecoderOfSomethingElse_whenCompiled_thenItIsRefused', () => {
    const wrong = (api: ApiClient) =>
      // @ts-expect-error: an answer of /me has no presence.
      api.read(decode.device, (ask) => ask.GET('/me'));

    expect(wrong).toBeTypeOf('function');
  });
});

describe('given', () => {
  it('givenParametersWithout_whenSentOn_thenTheyAreLeftOut', () => {
    const { q, cursor, site } = given({ q: '', cursor: null as string | null, site: 'lyon' });

    expect([q, cursor, site]).toEqual([undefined, undefined, 'lyon']);
  });
});
