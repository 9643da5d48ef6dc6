import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/lib/api/keys';
import type { Alert, AlertPage } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { serverClock } from '@/lib/time/serverClock';
import { acknowledge } from '../api';

interface Pages {
  pages: AlertPage[];
  pageParams: unknown[];
}

/** Shown at once; the server's answer corrects it, and a refusal takes it back and is told. */
export function useAcknowledge() {
  const { api } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, comment }: { id: string; comment: string }) => acknowledge(api, id, comment),
    onMutate: ({ id, comment }) => {
      const at = new Date(serverClock.now()).toISOString();
      const mark = <T extends Alert>(alert: T): T =>
        alert.id === id
          ? {
              ...alert,
              acknowledged: { at, by: null },
              comment: comment || alert.comment,
              allowedActions: alert.allowedActions.filter((action) => action !== 'acknowledge'),
            }
          : alert;
      client.setQueriesData<Pages | AlertPage>({ queryKey: keys.alerts }, (old) => {
        if (!old) return old;
        if ('pages' in old) {
          return { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map(mark) })) };
        }
        return { ...old, items: old.items.map(mark) };
      });
      client.setQueryData<Alert>([...keys.alert, id], (old) => old && mark(old));
    },
    onSettled: () => {
      for (const key of [keys.alerts, keys.alert, keys.fleet])
        void client.invalidateQueries({ queryKey: key });
    },
  });
}
