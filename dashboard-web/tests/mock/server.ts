import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer, type Scenario, stages } from './api.ts';
import { DEVICES, isGap, METRICS, valueAt } from './fleet.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What a front door must send; the browser tests run under it. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";

export interface MockServer {
  url: string;
  scenario: Scenario;
  /** Streams are cut and new ones refused. */
  streamDown: boolean;
  requests: string[];
  close: () => Promise<void>;
}

/** Serves `dist/` as the front door does, and beside it a platform that is made up. */
export async function startMockServer(port = 0): Promise<MockServer> {
  const streams = new Set<ServerResponse>();
  const state: MockServer = {
    url: '',
    scenario: 'busy',
    streamDown: false,
    requests: [],
    close: async () => undefined,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    state.requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (url.pathname === '/config.json') {
      return json(response, 200, {
        issuer: `${state.url}/auth`,
        clientId: 'heliograph-dashboard',
        apiBase: '/api/v1',
      });
    }
    if (url.pathname === '/api/v1/stream') {
      if (state.streamDown) return json(response, 503, { title: 'No stream', status: 503 });
      return stream(request, response, url.searchParams, state, streams);
    }
    if (url.pathname.startsWith('/api/v1')) return void api(request, response, url, state);
    file(response, url.pathname);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = async () => {
    for (const each of streams) each.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return state;
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'Content-Type': type, 'X-Request-Id': 'req-7f3a19c2', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function api(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  state: MockServer,
): Promise<void> {
  let text = '';
  for await (const part of request) text += part;
  if (!request.headers.authorization) return json(response, 401, { title: 'Signed out', status: 401 });
  const path = url.pathname.slice('/api/v1'.length);
  const result: { status: number; body: unknown; headers?: Record<string, string> } = answer(
    request.method ?? 'GET',
    path,
    url.searchParams,
    text ? JSON.parse(text) : null,
    state.scenario,
  );
  json(response, result.status, result.body, result.headers);
}

function stream(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  state: MockServer,
  streams: Set<ServerResponse>,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  streams.add(response);
  let id = 0;
  const send = (event: string, data: unknown) =>
    response.write(`id: c-${++id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.write('retry: 2000\n\n');
  send('hello', { connection: 'c1', heartbeatSeconds: 5, serverTime: new Date().toISOString() });
  const device = query.get('device') ?? '*';
  const timer = setInterval(() => {
    if (state.streamDown) return void response.destroy();
    const now = Date.now();
    if (device === '*') {
      send('system', { at: new Date(now).toISOString(), stages: stages() });
      return;
    }
    if (isGap(now)) return;
    const numbers = METRICS.filter((metric) => metric.kind !== 'state' && metric.name !== 'rssi');
    send(
      'samples',
      numbers.map(({ name }) => ({
        device,
        metric: name,
        times: [now - 300],
        values: [valueAt(device, name, now)],
      })),
    );
  }, 1000);
  const heartbeat = setInterval(() => response.write(': beat\n\n'), 5000);
  request.on('close', () => {
    clearInterval(timer);
    clearInterval(heartbeat);
    streams.delete(response);
  });
}

function file(response: ServerResponse, path: string): void {
  const wanted = join(DIST, normalize(path));
  const found = wanted.startsWith(DIST) && existsSync(wanted) && statSync(wanted).isFile();
  const name = found ? wanted : join(DIST, 'index.html');
  response.writeHead(200, {
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
  });
  createReadStream(name).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMockServer(Number(process.env.PORT ?? 4180));
  console.log(`Made-up platform with ${DEVICES.length} devices at ${mock.url}`);
}
