package dev.heliograph.simulator;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.simulator.fault.Faults;
import dev.heliograph.simulator.fleet.FleetPlan;
import dev.heliograph.simulator.fleet.LiveScript;
import dev.heliograph.simulator.fleet.Pacer;
import dev.heliograph.simulator.fleet.Schedule;
import dev.heliograph.simulator.fleet.Script;
import dev.heliograph.simulator.fleet.SimulatedDevice;
import dev.heliograph.simulator.history.FileHistory;
import dev.heliograph.simulator.history.History;
import dev.heliograph.simulator.mqtt.DeviceLink;
import dev.heliograph.simulator.mqtt.FleetMeter;
import dev.heliograph.simulator.mqtt.LinkIdentity;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.simulator.mqtt.LinkRuntime;
import dev.heliograph.simulator.physics.MetricSpec;
import dev.heliograph.simulator.physics.Noise;
import dev.heliograph.simulator.provision.Credentials;
import dev.heliograph.simulator.provision.FleetProvisioner;
import dev.heliograph.simulator.provision.HistoryUpload;
import dev.heliograph.simulator.replay.CsvRecording;
import dev.heliograph.simulator.replay.Recording;
import dev.heliograph.simulator.replay.ReplayScript;
import dev.heliograph.simulator.replay.ReplaySettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A running fleet.
 *
 * <p>Threads: one for each pacer, two for what devices decide, one for summaries; connections run on virtual threads.
 */
public final class SimulatedFleet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SimulatedFleet.class.getName());
    private static final Duration UPLOAD_PAUSE = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 50;
    private static final int DEVICES_NAMED = 5;

    private final FleetSettings settings;
    private final FleetMeter meter = new FleetMeter();
    private final History history;
    private final LinkRuntime runtime;
    private final List<DeviceLink> links = new ArrayList<>();
    private final List<Pacer> pacers = new ArrayList<>();
    private final ScheduledExecutorService summaries;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long startNanos;
    private final int deviceCount;

    /**
     * Registers the devices where that is asked for, and starts them.
     *
     * @return the fleet; its devices connect in the background and stay at it
     * @throws IOException if a file cannot be read or written
     * @throws dev.heliograph.simulator.provision.ProvisioningException if the registry refuses
     * @throws IllegalArgumentException if the file to replay is unusable
     */
    public static SimulatedFleet start(FleetSettings settings) throws IOException {
        return settings.replay() == null ? startLive(settings) : startReplay(settings, settings.replay());
    }

    private static SimulatedFleet startLive(FleetSettings settings) throws IOException {
        FleetPlan plan =
                FleetPlan.of(settings.devices(), settings.seed(), settings.interval(), settings.readingsPerSecond());
        Credentials credentials = credentials(settings, plan.devices(), MetricSpec.ALL);
        SimulatedFleet fleet = new SimulatedFleet(settings, plan.devices(), credentials);
        Pacer.MicroClock clock = fleet.clock();
        AtomicLong order = new AtomicLong(clock.nowMicros()); // differs between the runs of one history
        List<Script> scripts = new ArrayList<>();
        long fromMicros = clock.nowMicros();
        for (int i = 0; i < plan.members().size(); i++) {
            FleetPlan.Member member = plan.members().get(i);
            SimulatedDevice device = member.device();
            Duration interval = device.interval() == null ? settings.interval() : device.interval();
            scripts.add(new LiveScript(
                    device.id().value(),
                    fleet.topic(device.id(), "telemetry"),
                    Faults.around(
                            member.model(), settings.faults(), member.noise().named("faults")),
                    Schedule.of(interval, member.noise()),
                    fleet.linkOf(i),
                    fleet.meter,
                    order,
                    fromMicros));
        }
        fleet.begin(scripts, clock);
        return fleet;
    }

    /**
     * Brings a recording as history, with the times that it has, through the REST API: nothing is connected, and it ends when
     * all of it is taken or refused.
     *
     * @throws IllegalArgumentException without a replay, without provisioning, or with other times than those of the file
     * @throws dev.heliograph.simulator.provision.ProvisioningException if the API refuses or is away
     */
    public static HistoryUpload.Result backfill(FleetSettings settings) throws IOException, InterruptedException {
        ReplaySettings replay = settings.replay();
        FleetSettings.Provisioning provisioning = settings.provisioning();
        if (replay == null || replay.times() != ReplaySettings.Times.KEEP) {
            throw new IllegalArgumentException("history has its own times: use a replay with --times keep");
        }
        if (provisioning == null) {
            throw new IllegalArgumentException("history goes through the REST API: a token is needed");
        }
        Recording recording = read(replay);
        report(recording, settings, replay);
        credentials(settings, devices(recording, replay), List.of());
        try (HistoryUpload upload =
                new HistoryUpload(provisioning.api(), provisioning.token(), UPLOAD_PAUSE, settings.summary())) {
            return upload.send(recording);
        }
    }

    private static Recording read(ReplaySettings replay) throws IOException {
        try (Reader file = Files.newBufferedReader(replay.file())) {
            return CsvRecording.read(file, replay.rowLimit());
        }
    }

    private static List<SimulatedDevice> devices(Recording recording, ReplaySettings replay) {
        return recording.devices().keySet().stream()
                .map(id -> new SimulatedDevice(
                        id,
                        id.value(),
                        replay.type(),
                        replay.site(),
                        Map.of("source", "replay"),
                        recording.medianInterval(id).map(replay::pace).orElse(null)))
                .toList();
    }

    private static SimulatedFleet startReplay(FleetSettings settings, ReplaySettings replay) throws IOException {
        Recording recording = read(replay);
        report(recording, settings, replay);
        List<SimulatedDevice> devices = devices(recording, replay);
        SimulatedFleet fleet = new SimulatedFleet(settings, devices, credentials(settings, devices, List.of()));
        Pacer.MicroClock clock = fleet.clock();
        long startMicros = clock.nowMicros();
        AtomicLong order = new AtomicLong(clock.nowMicros()); // differs between the runs of one history
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            DeviceId id = devices.get(i).id();
            scripts.add(ReplayScript.of(
                    recording,
                    replay,
                    startMicros,
                    id,
                    fleet.topic(id, "telemetry"),
                    fleet.linkOf(i),
                    fleet.meter,
                    order));
        }
        fleet.begin(scripts, clock);
        return fleet;
    }

    private static void report(Recording recording, FleetSettings settings, ReplaySettings replay) {
        recording.problems().forEach(settings.summary());
        settings.summary()
                .accept("Replay of " + recording.rows() + " readings of "
                        + recording.devices().size() + " devices, " + recording.badLines() + " bad lines left out");
        List<DeviceId> early = recording.endingEarly(Duration.ofDays(1));
        if (replay.times() == ReplaySettings.Times.SHIFT && !early.isEmpty()) {
            settings.summary()
                    .accept("The recording of " + first(early) + " ends more than a day before the others'; "
                            + "--times shift-each makes every device end at the present");
        }
    }

    private static String first(List<DeviceId> devices) {
        String names =
                devices.stream().limit(DEVICES_NAMED).map(DeviceId::value).collect(Collectors.joining(", "));
        return devices.size() > DEVICES_NAMED ? names + " and " + (devices.size() - DEVICES_NAMED) + " more" : names;
    }

    private static Credentials credentials(
            FleetSettings settings, List<SimulatedDevice> devices, List<MetricSpec> metrics) throws IOException {
        FleetSettings.Provisioning provisioning = settings.provisioning();
        if (provisioning == null) {
            return settings.credentials();
        }
        return new FleetProvisioner(provisioning.api(), provisioning.token(), provisioning.credentialsFile())
                .provision(devices, metrics);
    }

    private SimulatedFleet(FleetSettings settings, List<SimulatedDevice> devices, Credentials credentials) {
        this.settings = settings;
        this.deviceCount = devices.size();
        this.history = settings.history() == null
                ? History.NONE
                : FileHistory.appendingTo(settings.history(), Clock.systemUTC());
        this.runtime = new LinkRuntime(settings.link(), meter, history);
        this.summaries = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon(true).name("simulator-summary").factory());
        this.startNanos = System.nanoTime();
        Noise noise = Noise.ofSeed(settings.seed()).named("links");
        int linkCount = settings.connections() == 0 ? deviceCount : Math.min(settings.connections(), deviceCount);
        for (int i = 0; i < linkCount; i++) {
            links.add(new DeviceLink(runtime, identity(i, linkCount, devices, credentials), noise.at(i)));
        }
    }

    private LinkIdentity identity(int link, int linkCount, List<SimulatedDevice> devices, Credentials credentials) {
        List<DeviceId> mine = new ArrayList<>();
        for (int i = link; i < devices.size(); i += linkCount) {
            mine.add(devices.get(i).id());
        }
        Credential credential = credentials.of(mine.getFirst()).orElse(null);
        // The platform binds the client id to the credentials: it is the user name, tenant/device.
        String clientId = settings.connections() == 0
                ? settings.tenant() + "/" + mine.getFirst()
                : settings.tenant() + "-simulator-" + link;
        return new LinkIdentity(
                clientId,
                credential,
                mine.stream().map(id -> topic(id, "status")).toList());
    }

    private DeviceLink linkOf(int device) {
        return links.get(device % links.size());
    }

    private String topic(DeviceId device, String leaf) {
        return "iot/v1/" + settings.tenant() + "/" + device + "/" + leaf;
    }

    private Pacer.MicroClock clock() {
        return new Pacer.MicroClock(Micros.of(Clock.systemUTC().instant()));
    }

    private void begin(List<Script> scripts, Pacer.MicroClock clock) {
        links.forEach(DeviceLink::start);
        for (int i = 0; i < settings.pacers(); i++) {
            List<Script> mine = new ArrayList<>();
            for (int j = i; j < scripts.size(); j += settings.pacers()) {
                mine.add(scripts.get(j));
            }
            pacers.add(new Pacer("simulator-pacer-" + i, mine, clock));
        }
        pacers.forEach(Pacer::start);
        long every = settings.summaryEvery().toMillis();
        summaries.scheduleAtFixedRate(this::summarize, every, every, TimeUnit.MILLISECONDS);
        if (settings.duration() != null) {
            summaries.schedule(this::stopPacers, settings.duration().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void summarize() {
        settings.summary().accept(statistics().toLine());
    }

    private void stopPacers() {
        pacers.forEach(Pacer::close);
    }

    /** What the fleet did so far. */
    public FleetStatistics statistics() {
        long waiting = links.stream().mapToLong(DeviceLink::unanswered).sum();
        return FleetStatistics.of(meter, Duration.ofNanos(System.nanoTime() - startNanos), deviceCount, waiting);
    }

    /**
     * Waits until nothing more will be sent: the duration is over, or the replay is at its end.
     *
     * @return false where the time to wait was over first
     */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Pacer pacer : pacers) {
            if (!pacer.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Stops sending, waits for the last answers as long as the settings allow, says {@code offline} and disconnects. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopPacers();
        try {
            awaitEnd(settings.drain());
            drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting for the last answers", e);
        }
        summaries.shutdownNow();
        disconnect();
        runtime.close();
        summarize();
        history.close();
    }

    private void drain() throws InterruptedException {
        long deadline = System.nanoTime() + settings.drain().toNanos();
        while (links.stream().anyMatch(link -> link.unanswered() > 0) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private void disconnect() {
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            links.forEach(link -> closing.execute(link::close));
        }
    }
}
