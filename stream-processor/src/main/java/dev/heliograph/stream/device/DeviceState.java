package dev.heliograph.stream.device;

import dev.heliograph.model.alert.DeviceAlerts;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.presence.DevicePresence;
import dev.heliograph.model.presence.MetricSilence;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import dev.heliograph.model.window.DeviceWindows;
import dev.heliograph.model.window.SpanStore;

/** What is kept of one device under one key: everything but its minutes and hours. */
final class DeviceState {
    /** The newest format, of this build. */
    static final int VERSION = 5;
    /** The oldest format that can be written, for the versions to which one may want to go back. */
    static final int OLDEST_WRITTEN = 3;

    private static final int WITHOUT_HOURS = 1;
    private static final int WITHOUT_METRICS = 2;
    private static final int WITHOUT_FRESH_START = 3;
    private static final int WITHOUT_SINCE = 4;
    static final long NEVER = Long.MIN_VALUE;

    final DevicePresence presence;
    final MetricSilence metrics;
    final DeviceWindows windows;
    final DeviceAlerts alerts;
    /** When its presence was last told, µs since the epoch. */
    private long presenceToldAt = NEVER;
    /** The last-seen time that was told then. */
    private long toldLastSeen = NEVER;

    private DeviceState(DevicePresence presence, MetricSilence metrics, DeviceWindows windows, DeviceAlerts alerts) {
        this.presence = presence;
        this.metrics = metrics;
        this.windows = windows;
        this.alerts = alerts;
    }

    static DeviceState fresh(DeviceKey device, DevicePolicy policy, SpanStore minutes, SpanStore hours) {
        return new DeviceState(
                new DevicePresence(policy.presence()),
                new MetricSilence(policy.presence()),
                new DeviceWindows(policy.windows(), minutes, hours),
                new DeviceAlerts(device));
    }

    static DeviceState fromBytes(
            byte[] bytes, DeviceKey device, DevicePolicy policy, SpanStore minutes, SpanStore hours) {
        StateReader in = new StateReader(bytes);
        int version = versionOf(in, device.toString());
        long presenceToldAt = in.readLong();
        long toldLastSeen = in.readLong();
        DeviceState state = new DeviceState(
                version > WITHOUT_SINCE
                        ? DevicePresence.readFrom(in, policy.presence())
                        : DevicePresence.readWithoutSince(in, policy.presence()),
                metrics(version, in, policy),
                version > WITHOUT_HOURS
                        ? DeviceWindows.readFrom(in, policy.windows(), minutes, hours)
                        : DeviceWindows.readWithoutHours(in, policy.windows(), minutes, hours),
                DeviceAlerts.readFrom(in, device));
        state.presenceToldAt = presenceToldAt;
        state.toldLastSeen = toldLastSeen;
        return state;
    }

    /**
     * Looks at the first byte only.
     *
     * @throws dev.heliograph.model.state.StateFormatException if this build cannot read the state
     */
    static void requireKnown(byte[] bytes, String device) {
        versionOf(new StateReader(bytes), device);
    }

    private static int versionOf(StateReader in, String device) {
        return in.readVersion(WITHOUT_HOURS, VERSION, "state of the device " + device);
    }

    private static MetricSilence metrics(int version, StateReader in, DevicePolicy policy) {
        if (version <= WITHOUT_METRICS) {
            return new MetricSilence(policy.presence());
        }
        return version <= WITHOUT_FRESH_START
                ? MetricSilence.readWithoutFreshStart(in, policy.presence())
                : MetricSilence.readFrom(in, policy.presence());
    }

    /** Notes that its presence is told now. */
    void presenceTold(long now) {
        presenceToldAt = now;
        toldLastSeen = lastSeen();
    }

    /** Whether it was seen since its presence was told, and that was at least so long ago. */
    boolean hasUntoldLastSeen(long now, long every) {
        return lastSeen() != toldLastSeen && (now - presenceToldAt >= every || now < presenceToldAt);
    }

    private long lastSeen() {
        Long seen = presence.lastSeenMicros();
        return seen == null ? NEVER : seen;
    }

    /** @param format from {@link #OLDEST_WRITTEN} to {@link #VERSION}; an older one leaves out what it has no place for */
    byte[] toBytes(int format) {
        StateWriter out = new StateWriter();
        out.writeByte(format).writeLong(presenceToldAt).writeLong(toldLastSeen);
        if (format > WITHOUT_SINCE) {
            presence.writeTo(out);
        } else {
            presence.writeWithoutSince(out);
        }
        if (format > WITHOUT_FRESH_START) {
            metrics.writeTo(out);
        } else {
            metrics.writeWithoutFreshStart(out);
        }
        windows.writeTo(out);
        alerts.writeTo(out);
        return out.toBytes();
    }
}
