import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { createAppRouter } from '@/app/router';
import { ApiClient } from '@/lib/api/client';
import { ServicesProvider } from '@/lib/services';
import { Session } from '@/lib/session/session';
import { StreamHub } from '@/lib/stream/streamHub';

const BASE = 'http://localhost:8080/api/v1';
const token = async () => 'made-up';

/** An address of the API, for msw. */
export const at = (path: string): string => BASE + path;

/** What every page asks for; a test overrides what it is about. */
export const usual = [
  http.get(at('/me'), () =>
    HttpResponse.json({ name: 'operator', tenant: 'demo', roles: ['operator'], rights: ['rules:write'] }),
  ),
  http.get(at('/fleet/summary'), () => HttpResponse.json(summaryOf({}))),
  http.get(at('/system'), () =>
    HttpResponse.json({ at: '2026-11-23T12:00:00Z', stages: [], quarantine: [] }),
  ),
  http.get(at('/metrics'), () => HttpResponse.json({ items: [{ name: 'temperature' }] })),
  // The stream has its own tests; here it stays away for good.
  http.get(at('/stream'), () => new HttpResponse(null, { status: 404 })),
];

export function summaryOf(parts: Record<string, unknown>) {
  return {
    at: '2026-11-23T12:00:00Z',
    dataThrough: '2026-11-23T11:59:59Z',
    devices: { total: 3, reporting: 2, late: 1, silent: 0, offline: 0, unknown: 0 },
    alerts: { critical: 0, warning: 0, info: 0, unacknowledged: 0 },
    rates: { readingsPerSecond: 12, measurementsPerSecond: 60 },
    lag: null,
    sites: [],
    attention: [],
    ...parts,
  };
}

/** The whole application at one address, signed in, against the handlers of the test. */
export function renderApp(path: string) {
  const api = new ApiClient(BASE, token);
  const session = new Session({} as never, { session: sessionStorage, local: localStorage } as never);
  const router = createAppRouter(createMemoryHistory({ initialEntries: [path] }));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, refetchInterval: false } } });
  render(
    <ServicesProvider services={{ api, session, hub: new StreamHub(api, token) }}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ServicesProvider>,
  );
  return { router };
}
