import { createContext, type ReactNode, useContext } from 'react';
import type { ApiClient } from './api/client';
import type { Session } from './session/session';
import type { StreamHub } from './stream/streamHub';

/** What lives as long as the page and is no React state. */
export interface Services {
  api: ApiClient;
  session: Session;
  hub: StreamHub;
}

const Context = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <Context value={services}>{children}</Context>;
}

export function useServices(): Services {
  const services = useContext(Context);
  if (services === null) throw new Error('useServices needs a ServicesProvider above it');
  return services;
}
