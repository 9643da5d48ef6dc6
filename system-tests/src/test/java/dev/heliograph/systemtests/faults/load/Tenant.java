package dev.heliograph.systemtests.faults.load;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.simulator.FleetSettings;
import dev.heliograph.simulator.FleetStatistics;
import dev.heliograph.simulator.SimulatedFleet;
import dev.heliograph.simulator.fault.FaultProfile;
import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.history.HistoryReader;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.simulator.mqtt.LinkSettings;
import dev.heliograph.simulator.physics.Noise;
import dev.heliograph.systemtests.faults.check.Evidence.ThresholdRule;
import dev.heliograph.systemtests.faults.check.Forgotten;
import dev.heliograph.systemtests.faults.check.Sent;
import dev.heliograph.systemtests.faults.plant.DeviceSockets;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One tenant with its devices, rules and a viewer: the load of one fault, and everything that it was told. */
public final class Tenant implements AutoCloseable {
    /** Devices whose alerts nobody can foretell, as they begin before the rules are known to be in force. */
    public static final Set<String> UNJUDGED = Set.of(Tenant.PROBE);

    private static final String PROBE = "probe";
    private static final int SAWTOOTH_DEVICES = 4;
    private static final Duration SAWTOOTH_INTERVAL = Duration.ofMillis(100);
    private static final Duration FIRST_ALERT_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(90);
    private static final Duration UPLOAD_LIMIT = Duration.ofSeconds(120);
    private static final int PENDING_LIMIT = 100_000;
    private static final int BROKER_CONNECTIONS = 4;
    private static final String SIMULATED = "fleet";
    /** Mosquitto acknowledges before it saves, and says nothing of what it has saved. */
    private static final Duration UNSAVED = Duration.ofMillis(300);

    private static final double ALARM_LEVEL = 15;
    private static final double CLEAR_LEVEL = 5;
    private static final double HIGH_LEVEL = 17;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final Plant plant;
    private final String id;
    private final Load load;
    private final Path directory;
    private final Api api;
    private final Map<String, ThresholdRule> rules = new LinkedHashMap<>();
    private final Map<String, Long> changes = new LinkedHashMap<>();
    /** When a broker was killed, µs since the epoch. */
    private final List<Long> brokerKills = new ArrayList<>();

    private final AtomicInteger lostAnswers = new AtomicInteger();

    private final List<Sent> probes = new ArrayList<>();
    private final DeviceSockets sockets;
    private Map<String, Credential> keys = Map.of();
    private @Nullable Viewer viewer;
    private @Nullable SimulatedFleet fleet;
    private @Nullable ScriptedFleet scripted;

    /**
     * What a tenant's devices do.
     *
     * @param devices of the simulated fleet
     * @param readingsPerSecond of the simulated fleet
     * @param profile what is wrong with its devices
     * @param seed of everything random
     * @param throughBroker whether the fleet publishes to the broker that the gateway subscribes to
     * @param encrypted whether devices come to the gateway by TLS, half of them with a certificate
     * @param more devices by their names
     */
    public record Load(
            int devices,
            double readingsPerSecond,
            FaultProfile profile,
            long seed,
            boolean throughBroker,
            boolean encrypted,
            Map<String, Extra> more) {
        public Load {
            more = Map.copyOf(more);
        }

        /** Another device that a fault brings. */
        public record Extra(Duration interval, DeviceFeed feed) {}

        /** A plain load with some resends and broken payloads, as real devices have them. */
        public static Load usual(long seed) {
            return new Load(20, 120, usualProfile(), seed, false, false, Map.of());
        }

        /** The same through the broker. */
        public Load throughTheBroker() {
            return new Load(devices, readingsPerSecond, profile, seed, true, encrypted, more);
        }

        /** The same by TLS. */
        public Load encryptedOnes() {
            return new Load(devices, readingsPerSecond, profile, seed, throughBroker, true, more);
        }

        /** With another number of devices and of readings a second. */
        public Load of(int newDevices, double newReadingsPerSecond) {
            return new Load(newDevices, newReadingsPerSecond, profile, seed, throughBroker, encrypted, more);
        }

        public Load with(FaultProfile other) {
            return new Load(devices, readingsPerSecond, other, seed, throughBroker, encrypted, more);
        }

        public Load with(String name, Duration interval, DeviceFeed feed) {
            Map<String, Extra> all = new TreeMap<>(more);
            all.put(name, new Extra(interval, feed));
            return new Load(devices, readingsPerSecond, profile, seed, throughBroker, encrypted, all);
        }

        private static FaultProfile usualProfile() {
            FaultProfile none = FaultProfile.NONE;
            return new FaultProfile(
                    none.drift(),
                    none.stuck(),
                    0.002,
                    none.silence(),
                    none.outage(),
                    none.wrongClock(),
                    none.clockErrorLimit(),
                    0.02,
                    0.005,
                    none.bufferLimit());
        }
    }

    /** A tenant of this name; nothing is registered yet. */
    public Tenant(Plant plant, String id, Load load, Path directory) {
        this.plant = plant;
        this.id = id;
        this.load = load;
        this.directory = directory;
        this.api = new Api(plant, id);
        this.sockets = new DeviceSockets(plant.certificates());
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String id() {
        return id;
    }

    public Api api() {
        return api;
    }

    /** Registers devices and rules, joins the live stream, waits until the rules are in force, and starts the load. */
    public void start() {
        createRule(Feeds.LEVEL, ALARM_LEVEL, CLEAR_LEVEL, 0.15);
        createRule(Feeds.LEVEL, HIGH_LEVEL, HIGH_LEVEL, 0);
        Map<String, ScriptedFleet.Scripted> devices = new TreeMap<>();
        for (int i = 0; i < SAWTOOTH_DEVICES; i++) {
            devices.put("tooth-" + i, new ScriptedFleet.Scripted(SAWTOOTH_INTERVAL, Feeds.sawtooth(i * 5)));
        }
        load.more()
                .forEach(
                        (name, extra) -> devices.put(name, new ScriptedFleet.Scripted(extra.interval(), extra.feed())));
        List<String> names = new ArrayList<>(devices.keySet());
        names.add(PROBE);
        keys = register(names);
        viewer = Viewer.of(api);
        awaitFirstAlert();
        scripted = new ScriptedFleet(link(), id, devices, keys, Noise.ofSeed(load.seed()), history("scripted"));
        fleet = startFleet();
    }

    private SimulatedFleet startFleet() {
        // Provisioning may ask again for what was made before: every such change is audited by its own name.
        try {
            LinkSettings link = load.throughBroker() ? link(plant.brokerUri()) : link();
            SimulatedFleet started = SimulatedFleet.start(FleetSettings.builder(link.broker())
                    .link(link)
                    .tenant(new TenantId(id))
                    .devices(load.devices())
                    .readingsPerSecond(load.readingsPerSecond())
                    .seed(load.seed())
                    .faults(load.profile())
                    .connections(load.throughBroker() ? BROKER_CONNECTIONS : 0)
                    .provisioning(
                            new FleetSettings.Provisioning(plant.apiUri(), api::token, directory.resolve("keys.json")))
                    .history(history(SIMULATED))
                    .drain(DRAIN_LIMIT)
                    .build());
            changes.merge("device.register", 1L, Long::sum);
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private LinkSettings link() {
        return load.encrypted() ? link(plant.mqttTls()).withSockets(sockets) : link(plant.mqtt());
    }

    private static LinkSettings link(URI broker) {
        return LinkSettings.to(broker)
                .withQueues(20, PENDING_LIMIT)
                .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(1));
    }

    private Path history(String name) {
        return directory.resolve(name + ".history");
    }

    private void createRule(String metric, double above, double clear, double holdSeconds) {
        JsonNode rule = api.call("POST", "/rules", """
            {"name": "level above %s", "severity": "warning", "scope": {},
             "condition": {"type": "threshold", "metric": "%s", "operator": "gt", "value": %s, "clear": %s},
             "holdSeconds": %s}
            """.formatted(above, metric, above, clear, holdSeconds));
        rules.put(
                rule.path("id").asString(),
                new ThresholdRule(metric, above, clear, Math.round(holdSeconds * 1_000_000)));
        changes.merge("rule.create", 1L, Long::sum);
    }

    /** Makes devices known and returns their keys. */
    private Map<String, Credential> register(List<String> names) {
        StringBuilder body = new StringBuilder("{\"issueCredentials\": true, \"devices\": [");
        names.forEach(name -> body.append(body.charAt(body.length() - 1) == '[' ? "" : ",")
                .append("{\"id\": \"")
                .append(name)
                .append("\"}"));
        JsonNode answer =
                api.call("POST", "/devices:register", body.append("]}").toString());
        changes.merge("device.register", 1L, Long::sum);
        Map<String, Credential> issued = new TreeMap<>();
        for (JsonNode device : answer.path("devices")) {
            issued.put(
                    device.path("id").asString(),
                    new Credential(
                            device.path("username").asString(),
                            device.path("password").asString()));
        }
        return issued;
    }

    /** Posts a level above every limit until it raises an alert: then the rules are in force everywhere. */
    private void awaitFirstAlert() {
        Viewer watching = java.util.Objects.requireNonNull(viewer);
        Waiting.until("the rules of " + id + " are in force", FIRST_ALERT_LIMIT, () -> {
            long millis = System.currentTimeMillis();
            post(PROBE, "{\"ts\": %d, \"metrics\": {\"level\": 100}}".formatted(millis));
            Waiting.pause(Duration.ofMillis(200));
            return watching.viewed().transitions().size() >= 2;
        });
    }

    /** Posts to the gateway by HTTP; true where it has it. */
    public boolean post(String device, String json) {
        Credential key = java.util.Objects.requireNonNull(keys.get(device));
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Sent.Verdict verdict = Sent.Verdict.OPEN;
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(plant.http() + "/api/v1/telemetry"))
                            .timeout(Duration.ofSeconds(10))
                            .header("Content-Type", "application/json")
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString((key.username() + ":" + key.password())
                                                            .getBytes(StandardCharsets.UTF_8)))
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());
            verdict = answer.statusCode() == 202 ? Sent.Verdict.ACKNOWLEDGED : Sent.Verdict.OPEN;
        } catch (IOException noAnswer) {
            verdict = Sent.Verdict.OPEN; // it may be there or not
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        note(Sent.of(device, body, true, 1, verdict));
        return verdict == Sent.Verdict.ACKNOWLEDGED;
    }

    /** Uploads history by the API, again and again until all of it is taken. */
    public void backfill(List<PastReading> readings) {
        String body = readings.stream().map(PastReading::jsonWithDevice).collect(Collectors.joining(",", "[", "]"));
        AtomicInteger attempts = new AtomicInteger();
        Waiting.until("an upload of " + readings.size() + " readings is taken", UPLOAD_LIMIT, () -> {
            attempts.incrementAndGet();
            return isTaken(body, readings.size());
        });
        readings.forEach(reading ->
                note(Sent.of(reading.device(), reading.payload(), true, attempts.get(), Sent.Verdict.ACKNOWLEDGED)));
    }

    private boolean isTaken(String body, int readings) {
        try {
            HttpResponse<String> answer = api.post("/data:backfill", body);
            if (answer.statusCode() == 202) {
                int accepted = JsonMapper.shared()
                        .readTree(answer.body())
                        .path("accepted")
                        .asInt();
                if (accepted != readings) {
                    throw new AssertionError(
                            "of " + readings + " readings of history were not all taken: " + answer.body());
                }
                return true;
            }
            if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                throw new AssertionError("history was answered by " + answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException noAnswer) {
            // as with 503: what was taken is recognised
        }
        return false;
    }

    /** Remembers a message of a device that has a way of its own to send. */
    void note(Sent sent) {
        synchronized (probes) {
            probes.add(sent);
        }
    }

    /** The key of a device of {@link #addDevice}. */
    Credential key(String device) {
        return java.util.Objects.requireNonNull(keys.get(device));
    }

    /** What encrypted connections of this tenant's devices are made by. */
    public DeviceSockets sockets() {
        return sockets;
    }

    /** What the API says of a device: reporting, late, silent, offline or unknown. */
    public String presenceOf(String device) {
        return api.call("GET", "/devices/" + device, "")
                .path("presence")
                .path("state")
                .asString();
    }

    /** Messages of all devices that were acknowledged so far. */
    public long acknowledged() {
        SimulatedFleet simulated = fleet;
        ScriptedFleet own = scripted;
        return (simulated == null ? 0 : simulated.statistics().acknowledged())
                + (own == null ? 0 : own.meter().acknowledged.sum());
    }

    /** What the fleet did so far. */
    public FleetStatistics statistics() {
        return java.util.Objects.requireNonNull(fleet).statistics();
    }

    /** Stops sending and waits until every message has its answer. */
    public void finishLoad() {
        if (scripted != null) {
            scripted.finish(DRAIN_LIMIT);
            scripted.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    /** What the simulated fleet has sent, with its numbers. */
    public List<Forgotten.Numbered> numbered() {
        try {
            return HistoryReader.read(history(SIMULATED)).values().stream()
                    .map(entry ->
                            new Forgotten.Numbered(sent(SIMULATED, entry), entry.sequence(), entry.answeredMicros()))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the ledger misses of each device by its numbers. */
    public List<Forgotten.Missing> missing() {
        return api.call("GET", "/ledger/gaps?limit=200", "")
                .path("items")
                .valueStream()
                .map(device -> new Forgotten.Missing(
                        device.path("device").asString(),
                        device.path("missing").asLong(),
                        device.path("gaps")
                                .valueStream()
                                .map(gap -> new Forgotten.Gap(
                                        gap.path("from").asLong(),
                                        gap.path("to").asLong()))
                                .toList()))
                .toList();
    }

    /** Every message that was sent, with its verdict. */
    public List<Sent> sent() {
        List<Sent> all;
        synchronized (probes) {
            all = new ArrayList<>(probes);
        }
        try {
            for (String name : List.of(SIMULATED, "scripted")) {
                if (Files.exists(history(name))) {
                    HistoryReader.read(history(name)).values().forEach(entry -> all.add(sent(name, entry)));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return all;
    }

    // What the broker acknowledged just before it was killed it may not have saved; what it saved it delivers again.
    private Sent sent(String fleetName, HistoryReader.Entry entry) {
        Sent message = Sent.of(entry);
        if (!load.throughBroker() || !fleetName.equals(SIMULATED)) {
            return message;
        }
        boolean unsaved = brokerKills.stream()
                .anyMatch(kill -> entry.answeredMicros() <= kill + UNSAVED.toNanos() / 1_000
                        && entry.answeredMicros() > kill - UNSAVED.toNanos() / 1_000);
        Sent again = message.deliveredAgain(brokerKills.size() + lostAnswers.get());
        return unsaved && message.verdict() == Sent.Verdict.ACKNOWLEDGED ? again.uncertain() : again;
    }

    /** Notes that what the gateway answers to the broker now may not arrive: the broker delivers it once more. */
    public void brokerDeliversAgain() {
        lostAnswers.incrementAndGet();
    }

    /** Notes that the broker is killed now. */
    public void brokerKilled() {
        brokerKills.add(Micros.of(Clock.systemUTC().instant()));
    }

    public Map<String, ThresholdRule> rules() {
        return Map.copyOf(rules);
    }

    public Map<String, Long> changes() {
        return Map.copyOf(changes);
    }

    public Viewer viewer() {
        return java.util.Objects.requireNonNull(viewer);
    }

    /** Registers one more device for {@link #post}. */
    public void addDevice(String name) {
        Map<String, Credential> all = new TreeMap<>(keys);
        all.putAll(register(List.of(name)));
        keys = all;
    }

    @Override
    public void close() {
        if (viewer != null) {
            viewer.close();
        }
        if (scripted != null) {
            scripted.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }
}
