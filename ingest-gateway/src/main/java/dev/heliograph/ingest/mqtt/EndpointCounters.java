package dev.heliograph.ingest.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What becomes of sockets and CONNECTs. Thread-safe. */
final class EndpointCounters {
    private final Counter accepted;
    private final Map<ConnectRefusal, Counter> refused = new EnumMap<>(ConnectRefusal.class);
    private final Map<Closed, Counter> closed = new EnumMap<>(Closed.class);

    /** Why a connection was closed without having been connected, or against its will. */
    enum Closed {
        /** Its address opens too many sockets. */
        ADDRESS,
        /** The instance has too many sockets that are not connected. */
        PENDING,
        /** No TLS: another protocol, no common version, no trusted certificate. */
        HANDSHAKE,
        /** No complete CONNECT in time. */
        CONNECT_TIMEOUT,
        /** No complete packet in time. */
        PACKET_TIMEOUT,
        /** Nothing at all for one and a half times the keep-alive. */
        KEEP_ALIVE,
        /** It did not read what it was sent. */
        WRITE_TIMEOUT
    }

    EndpointCounters(MeterRegistry registry) {
        this.accepted = connects(registry, "accepted");
        for (ConnectRefusal refusal : ConnectRefusal.values()) {
            refused.put(refusal, connects(registry, label(refusal)));
        }
        for (Closed why : Closed.values()) {
            closed.put(
                    why,
                    Counter.builder("heliograph.ingest.closed")
                            .description("Connections closed by the gateway, by reason")
                            .tag("reason", label(why))
                            .register(registry));
        }
    }

    private static Counter connects(MeterRegistry registry, String outcome) {
        return Counter.builder("heliograph.ingest.connects")
                .description("CONNECTs, by their answer")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    void accepted() {
        accepted.increment();
    }

    void refused(ConnectRefusal refusal) {
        count(refused.get(refusal));
    }

    void closed(Closed why) {
        count(closed.get(why));
    }

    private static void count(@org.jspecify.annotations.Nullable Counter counter) {
        if (counter == null) {
            throw new IllegalStateException("every value was given a counter");
        }
        counter.increment();
    }
}
