import { ApiClient } from '@/lib/api/client';
import type { Services } from '@/lib/services';
import { createOidc } from '@/lib/session/oidc';
import { Session } from '@/lib/session/session';
import { StreamHub } from '@/lib/stream/streamHub';
import type { RuntimeConfig } from './config';

export function createServices(config: RuntimeConfig): Services {
  const session = new Session(createOidc(config.issuer, config.clientId));
  const api = new ApiClient(config.apiBase, session.token);
  return { api, session, hub: new StreamHub(api, session.token) };
}
