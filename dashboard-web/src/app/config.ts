import { object, str, withDefault } from '@/lib/api/decode';

/** What differs between installations; served beside the bundle, so that the bundle has no environment in it. */
export interface RuntimeConfig {
  issuer: string;
  clientId: string;
  apiBase: string;
}

const decoder = object<RuntimeConfig>({ issuer: str, clientId: str, apiBase: withDefault(str, '/api/v1') });

export async function loadConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  return decoder(await response.json(), 'config.json');
}
