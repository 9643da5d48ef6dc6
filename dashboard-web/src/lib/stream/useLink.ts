import { useSyncExternalStore } from 'react';
import { useServices } from '@/lib/services';
import type { Link } from './streamHub';

/** The state of the tab's stream, for the chip and for every panel's "Data to …". */
export function useLink(): Link {
  const { hub } = useServices();
  return useSyncExternalStore(hub.subscribeLink, hub.link);
}
