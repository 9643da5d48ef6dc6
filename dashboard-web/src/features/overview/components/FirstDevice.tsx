import { useQuery } from '@tanstack/react-query';
import { meQuery } from '@/lib/api/shared';
import { useServices } from '@/lib/services';
import { Panel } from '@/lib/ui/Panel';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../overview.module.css';

const KEY_LINE = './heliograph device-key my-first-device';

/** The way from an empty installation to the first value; the page changes by itself when it arrives. */
export function FirstDevice() {
  const { api } = useServices();
  const me = useQuery(meQuery(api));
  const tenant = me.data?.tenant ?? 'TENANT';
  const host = window.location.hostname;
  const publish = [
    `mosquitto_pub -h ${host} -p 1883 -V 5 -q 1 \\`,
    `  -i ${tenant}/my-first-device -u ${tenant}/my-first-device -P "$DEVICE_KEY" \\`,
    `  -t iot/v1/${tenant}/my-first-device/telemetry \\`,
    `  -m '{"temperature": 21.4, "humidity": 40.2}'`,
  ].join('\n');
  return (
    <Panel title="Connect your first device" ages={false}>
      <ol className={styles.steps}>
        <li>
          <h3>Create a key for it</h3>
          <p className={ui.second}>The key is shown once. In the directory of the platform:</p>
          <code className={ui.code}>{KEY_LINE}</code>
        </li>
        <li>
          <h3>Publish a value</h3>
          <p className={ui.second}>
            Any MQTT 5 or 3.1.1 client will do. With the key in the variable DEVICE_KEY:
          </p>
          <code className={ui.code}>{publish}</code>
        </li>
        <li>
          <h3>Watch it arrive</h3>
          <p role="status" className={ui.status}>
            <StatusMark mark="unknown" />
            Waiting for the first message. This page changes by itself.
          </p>
        </li>
      </ol>
    </Panel>
  );
}
