import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/lib/api/keys';
import { toProblem } from '@/lib/api/problem';
import { meQuery } from '@/lib/api/shared';
import type { DeviceDetail } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import ui from '@/lib/ui/ui.module.css';
import { letBackfill } from '../api';

/** Whether the device may bring its past with its own key, and the way to change that for who may. */
export function HistoryPermission({ device }: { device: DeviceDetail }) {
  const { api } = useServices();
  const me = useQuery(meQuery(api));
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (may: boolean) => letBackfill(api, device, may),
    // Also after a refusal: what is shown may be what somebody else has changed.
    onSettled: () => client.invalidateQueries({ queryKey: [...keys.device, device.id] }),
  });
  const mayWrite = me.data?.rights.includes('devices:write') ?? false;
  return (
    <>
      {device.mayBackfill ? 'may bring readings of any age' : 'not permitted'}{' '}
      {mayWrite && (
        <button
          type="button"
          className={ui.button}
          disabled={change.isPending}
          onClick={() => change.mutate(!device.mayBackfill)}
        >
          {device.mayBackfill ? 'Forbid' : 'Permit'}
        </button>
      )}
      {change.isError && (
        <p role="alert" className={ui.dim}>
          {toProblem(change.error).status === 412
            ? 'Somebody changed this device meanwhile. It is shown as it is now: try again.'
            : `Not changed: ${toProblem(change.error).title}.`}
        </p>
      )}
    </>
  );
}
