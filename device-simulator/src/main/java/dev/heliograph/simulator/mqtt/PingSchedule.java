package dev.heliograph.simulator.mqtt;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.jspecify.annotations.Nullable;

/**
 * When a connection is looked at for whether a PINGREQ is due; Paho decides that and says when to look again. Paho's own
 * schedule would wait in the pool that runs its tasks, where nothing with a delay is sure to be run (see {@link LinkRuntime}).
 *
 * <p>The link threads keep the time. The look itself may end the connection, which blocks, and so has a thread of its own.
 */
final class PingSchedule implements MqttPingSender {
    private static final System.Logger LOG = System.getLogger(PingSchedule.class.getName());

    private final LinkRuntime runtime;
    private volatile @Nullable ClientComms connection;
    private volatile @Nullable Future<?> next;

    PingSchedule(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void init(ClientComms comms) {
        connection = comms;
    }

    /** Starts with the keep-alive that holds: a server may have replaced what was asked for. */
    @Override
    public void start() {
        schedule(connection().getKeepAlive());
    }

    /** Not interrupting, because a look that finds the connection dead stops the schedule itself. */
    @Override
    public void stop() {
        Future<?> waiting = next;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    @Override
    public void schedule(long delayInMilliseconds) {
        ClientComms comms = connection();
        try {
            next = runtime.links.schedule(
                    () -> runtime.block(comms::checkForActivity), delayInMilliseconds, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a ping was scheduled after the fleet had stopped", e);
        }
    }

    private ClientComms connection() {
        ClientComms comms = connection;
        if (comms == null) {
            throw new IllegalStateException("used before init");
        }
        return comms;
    }
}
