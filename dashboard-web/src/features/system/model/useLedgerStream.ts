import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { Ledger } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { withMinutes } from './ledger';

/** Keeps the ledger in the cache as the stream tells it, for as long as somebody looks. */
export function useLedgerStream(): void {
  const { hub } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      hub.onLedger((name, data) => {
        if (name === 'hello' || name === 'reset') void client.invalidateQueries({ queryKey: keys.ledger });
        if (name !== 'ledger') return;
        const minutes = decode.ledgerMinutes(data, 'ledger');
        client.setQueryData<Ledger>(keys.ledger, (old) => old && withMinutes(old, minutes));
        // Who misses what is told by the answer only.
        if (minutes.some((minute) => minute.counts.missing > 0))
          void client.invalidateQueries({ queryKey: keys.ledger });
      }),
    [hub, client],
  );
}
