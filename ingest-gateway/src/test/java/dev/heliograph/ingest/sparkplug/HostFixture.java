package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.sparkplug.Effect.Judged;
import dev.heliograph.ingest.sparkplug.Effect.Note;
import dev.heliograph.ingest.sparkplug.Effect.Presence;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A host application under test, with a clock that the test moves, and all that it ever wanted done. */
final class HostFixture {
    static final long START = 1_780_000_000_000L;
    static final HostLimits LIMITS = new HostLimits(
            4, 3, 100, 20, 10, 10_000, Duration.ofSeconds(30), Duration.ofSeconds(2), 4, Duration.ofSeconds(10), 3);
    static final Map<String, TenantId> TENANTS =
            Map.of("Plant", new TenantId("acme"), "Other", new TenantId("umbrella"));
    static final DeviceKey NODE = DeviceKey.of("acme", "edge-1");
    static final DeviceKey DEVICE = DeviceKey.of("acme", "edge-1_pump");

    final HostApplication host;
    final List<Judged> judged = new ArrayList<>();
    final List<Presence> presence = new ArrayList<>();
    final List<NodeId> asked = new ArrayList<>();
    final List<Note> notes = new ArrayList<>();
    long nowMillis = START;

    HostFixture() {
        this(LIMITS);
    }

    HostFixture(HostLimits limits) {
        host = new HostApplication(limits, HostRooms.of(limits), FunnelLimits.DEFAULTS, TENANTS::get);
    }

    /** A message of the edge node {@code Plant/Edge 1} or of its device {@code pump}. */
    void send(String type, byte[] payload) {
        sendTo("spBv1.0/Plant/" + type + "/Edge 1" + (type.startsWith("D") ? "/pump" : ""), payload);
    }

    void sendTo(String topic, byte[] payload) {
        sendAs(null, topic, payload);
    }

    void sendAs(@Nullable DeviceKey principal, String topic, byte[] payload) {
        RawMessage message =
                new RawMessage(topic, payload, principal, null, 0, nowMillis * 1_000, Transport.SUBSCRIPTION);
        done(host.arrived(Arrival.of(message, (outcome, failure) -> {})));
    }

    void pass(Duration time) {
        nowMillis += time.toMillis();
        done(host.tick(nowMillis * 1_000));
    }

    void done(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Judged each -> {
                    judged.add(each);
                    presence.addAll(each.presence());
                }
                case Presence change -> presence.add(change);
                case Effect.AskForBirth ask -> asked.add(ask.node());
                case Effect.Noted noted -> notes.add(noted.note());
            }
        }
    }

    /** Every sample so far as {@code device metric=value@seconds since the start}. */
    List<String> samples() {
        List<String> samples = new ArrayList<>();
        for (Judged each : judged) {
            for (Reading reading : each.outcome().readings()) {
                for (Sample sample : reading.samples()) {
                    samples.add(reading.device().device() + " " + sample.metric() + "=" + value(sample));
                }
            }
        }
        return samples;
    }

    static Object value(Sample sample) {
        return switch (sample) {
            case Sample.Measurement measurement -> measurement.value();
            case Sample.Flag flag -> flag.value();
            case Sample.State state -> state.text();
        };
    }

    List<Refusal> refusals() {
        return judged.stream()
                .flatMap(each -> each.outcome().refusals().stream())
                .toList();
    }

    List<String> reasons() {
        return refusals().stream().map(refusal -> refusal.reason().code()).toList();
    }

    /** Everything that has been said of who is there, as {@code device+NBIRTH} or {@code device-NDEATH}. */
    List<String> comings() {
        return presence.stream()
                .map(each -> each.device().device() + (each.isOnline() ? "+" : "-") + each.cause())
                .toList();
    }

    void nodeBirth(int bdSeq, int sequence) {
        send(
                "NBIRTH",
                Payloads.payload(
                        nowMillis,
                        sequence,
                        Payloads.bdSeq(bdSeq),
                        new Payloads.Metric()
                                .name("Node Control/Rebirth")
                                .datatype(11)
                                .booleanValue(false),
                        Payloads.born("Inputs/A", 1, 1.5)));
    }

    void deviceBirth(int sequence) {
        send("DBIRTH", Payloads.payload(nowMillis, sequence, Payloads.born("flow", 2, 2.5)));
    }
}
