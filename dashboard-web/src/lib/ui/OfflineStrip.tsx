import { formatTime } from '@/lib/format/format';
import { useLink } from '@/lib/stream/useLink';
import { StatusMark } from './StatusMark';
import ui from './ui.module.css';

/** Old data stays on screen, but says up to when it is true. */
export function OfflineStrip() {
  const { dataTo } = useLink();
  if (dataTo === null) return null;
  return (
    <div className={ui.strip}>
      <StatusMark mark="offline" />
      Data to {formatTime(dataTo, 'local')}
    </div>
  );
}
