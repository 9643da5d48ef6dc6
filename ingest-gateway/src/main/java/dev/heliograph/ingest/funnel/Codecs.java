package dev.heliograph.ingest.funnel;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The codecs by name. Immutable. */
public final class Codecs {
    /** Heliograph's own: JSON, CBOR, SenML or line protocol, as the content type says. */
    public static final String STANDARD = "standard";

    /** ThingsBoard's telemetry of one device. */
    public static final String THINGSBOARD = "thingsboard";

    /** ThingsBoard's telemetry of several devices. */
    public static final String THINGSBOARD_GATEWAY = "thingsboard-gateway";

    /** SenML packs, in JSON or CBOR. */
    public static final String SENML = "senml";

    /** Tasmota's sensors and state. */
    public static final String TASMOTA = "tasmota";

    /** What Zigbee2MQTT publishes of a device. */
    public static final String ZIGBEE2MQTT = "zigbee2mqtt";

    /** InfluxDB line protocol. */
    public static final String LINE_PROTOCOL = "line-protocol";

    /** Takes a message and leaves it aside. */
    public static final String IGNORE = "ignore";

    private final Map<String, PayloadCodec> byName;

    private Codecs(Map<String, PayloadCodec> byName) {
        this.byName = byName;
    }

    /** Those that the gateway brings. */
    public static Codecs builtIn() {
        return new Codecs(Map.of())
                .with(List.of(
                        new StandardCodec(),
                        new DocumentCodec(THINGSBOARD, new ReadingShape("values"), false),
                        new DocumentCodec(THINGSBOARD_GATEWAY, new GatewayShape(), true),
                        new SenmlCodec(),
                        new DocumentCodec(TASMOTA, new FlatShape(new Tasmota()), false),
                        new DocumentCodec(ZIGBEE2MQTT, new FlatShape(new Zigbee2Mqtt()), false),
                        new LineCodec(),
                        new IgnoreCodec()));
    }

    /**
     * These and others.
     *
     * @throws IllegalArgumentException if a name is taken
     */
    public Codecs with(Collection<? extends PayloadCodec> others) {
        Map<String, PayloadCodec> all = new LinkedHashMap<>(byName);
        for (PayloadCodec other : others) {
            if (all.put(other.name(), other) != null) {
                throw new IllegalArgumentException("two codecs are named " + other.name());
            }
        }
        return new Codecs(all);
    }

    /** The names. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Whether any codec can read this content type: a message that declares another cannot be meant for this gateway. */
    public boolean supports(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty()) {
            return true;
        }
        MediaType declared = MediaType.parse(contentType);
        return declared != null && readsAny(declared);
    }

    boolean readsAny(MediaType declared) {
        for (PayloadCodec codec : byName.values()) {
            if (!(codec instanceof IgnoreCodec) && codec.reads(declared)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The codec of a mapping.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    PayloadCodec get(TopicMapping mapping) {
        PayloadCodec codec = byName.get(mapping.codec());
        if (codec == null) {
            throw new IllegalArgumentException(
                    "the mapping " + mapping + " names the codec " + mapping.codec() + "; there are " + names());
        }
        return codec;
    }
}
