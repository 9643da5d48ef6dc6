package dev.heliograph.simulator.cli;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.simulator.FleetSettings;
import dev.heliograph.simulator.SimulatedFleet;
import dev.heliograph.simulator.fault.FaultProfile;
import dev.heliograph.simulator.mqtt.LinkSettings;
import dev.heliograph.simulator.physics.Site;
import dev.heliograph.simulator.provision.ClientCredentialsToken;
import dev.heliograph.simulator.provision.CommandToken;
import dev.heliograph.simulator.provision.CredentialsFile;
import dev.heliograph.simulator.provision.HistoryUpload;
import dev.heliograph.simulator.provision.ProvisioningException;
import dev.heliograph.simulator.replay.ReplaySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Turns the command line into {@link FleetSettings} and runs the fleet. */
@Command(
        name = "device-simulator",
        mixinStandardHelpOptions = true,
        version = "device-simulator 0.1.0",
        sortOptions = false,
        usageHelpWidth = 110,
        description = "A fleet of devices that behaves like hardware, over real MQTT connections.",
        footer = {
            "",
            "Examples:",
            "  Fifty devices for a platform on this machine; registers them first:",
            "    device-simulator --token-command './heliograph token --role admin'",
            "  Two thousand readings a second from 200 faulty devices for ten minutes, with a history for checkers:",
            "    device-simulator --devices 200 --rate 2000 --faults many --duration 10m --history run.tsv --token ...",
            "  A plain broker that lets anybody in:",
            "    device-simulator --broker tcp://127.0.0.1:1883 --devices 10",
            "  A recording of two weeks, an hour a minute, moved so that it ends in the present:",
            "    device-simulator --replay office-sensors.csv --speed 60 --times shift",
            "  Rooms that were recorded one after the other: their history at once, then an hour of each in real time:",
            "    device-simulator --replay office-sensors.csv --times shift-each --speed max --live 1h",
            "  A recording of years ago, with its own times, as history:",
            "    device-simulator --replay office-sensors.csv --times keep --backfill --token-command ...",
            "",
            "Keys: with a token the devices are registered through the REST API and their keys kept in --credentials;",
            "a second run registers only what is new. Without a token, keys come from --credentials where it exists."
        })
public final class SimulateCommand implements Callable<Integer> {
    /** The ready-made sets of faults. */
    enum FaultLevel {
        NONE,
        SOME,
        MANY
    }

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = "--broker",
            defaultValue = "tcp://127.0.0.1:1883",
            description = "MQTT 5 address, tcp:// or ssl:// (default: ${DEFAULT-VALUE})")
    private URI broker = URI.create("tcp://127.0.0.1:1883");

    @Option(names = "--tenant", defaultValue = "demo", description = "Owner of the devices (default: ${DEFAULT-VALUE})")
    private String tenant = "demo";

    @Option(names = "--devices", defaultValue = "50", description = "How many (default: ${DEFAULT-VALUE})")
    private int devices;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The same seed gives the same devices, values and faults (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--interval",
            defaultValue = "5s",
            converter = DurationText.class,
            description =
                    "Base pace of a device; pumps report more often, weather stations less (default: ${DEFAULT-VALUE})")
    private Duration interval = Duration.ofSeconds(5);

    @Option(names = "--rate", description = "Readings a second of the whole fleet; overrides --interval")
    private @Nullable Double rate;

    @Option(
            names = "--duration",
            converter = DurationText.class,
            description = "How long, such as 10m (default: until Ctrl-C, a replay until its end)")
    private @Nullable Duration duration;

    @Option(
            names = "--faults",
            defaultValue = "NONE",
            description =
                    "${COMPLETION-CANDIDATES}: drift, stuck values, spikes, silence, outages with bursts of old readings, "
                            + "wrong clocks, resends, malformed payloads (default: ${DEFAULT-VALUE})")
    private FaultLevel faults = FaultLevel.NONE;

    @Option(
            names = "--connections",
            defaultValue = "0",
            description = "Share this many connections, for plain brokers only (default: one for each device)")
    private int connections;

    @Option(
            names = "--in-flight",
            defaultValue = "10",
            description = "Messages sent and not yet answered, for each connection (default: ${DEFAULT-VALUE})")
    private int inFlight;

    @Option(
            names = "--pending",
            defaultValue = "1000",
            description =
                    "Messages kept while a connection cannot send; then the oldest is dropped (default: ${DEFAULT-VALUE})")
    private int pending;

    @Option(
            names = "--pacers",
            defaultValue = "1",
            description = "Threads that generate readings; more where the generator lags (default: ${DEFAULT-VALUE})")
    private int pacers;

    @Option(
            names = "--retain-status",
            description = "Retain the online/offline messages; for brokers, the platform has no retained messages")
    private boolean retainStatus;

    @Option(names = "--history", description = "Append every attempt and every answer to this file, for checkers")
    private @Nullable Path history;

    @Option(
            names = "--credentials",
            defaultValue = "simulator-credentials.json",
            description =
                    "File with the devices' keys, made where it is missing, mode 0600 (default: ${DEFAULT-VALUE})")
    private Path credentials = Path.of("simulator-credentials.json");

    @Option(
            names = "--api",
            defaultValue = "http://localhost:8080",
            description = "REST API to register with (default: ${DEFAULT-VALUE})")
    private URI api = URI.create("http://localhost:8080");

    @CommandLine.ArgGroup(heading = "%nHow to get an administrator's access token (none: nothing is registered):%n")
    private @Nullable TokenSource tokenSource;

    @CommandLine.ArgGroup(exclusive = false, heading = "%nReplay of a recording:%n")
    private @Nullable Replay replay;

    /** One of three ways to a token. */
    static final class TokenSource {
        @Option(names = "--token", description = "The token itself; others on this machine can see it")
        private @Nullable String token;

        @Option(names = "--token-command", description = "A shell command that prints one")
        private @Nullable String command;

        @CommandLine.ArgGroup(exclusive = false)
        private @Nullable Client client;
    }

    /** OAuth 2.0 client credentials. */
    static final class Client {
        @Option(names = "--client-id", required = true, description = "OAuth client")
        private String id = "";

        @Option(
                names = "--client-secret",
                required = true,
                interactive = true,
                arity = "0..1",
                description = "Its secret; asked for where no value is given")
        private String secret = "";

        @Option(names = "--issuer", required = true, description = "Such as http://localhost:8080/auth")
        private URI issuer = URI.create("http://localhost:8080/auth");
    }

    /** What belongs to a replay. */
    static final class Replay {
        @Option(
                names = "--replay",
                required = true,
                description = "CSV file; its header has device, time and a column for each metric")
        private Path file = Path.of("");

        @Option(
                names = "--speed",
                defaultValue = "1",
                converter = SpeedText.class,
                description =
                        "Times real time, or max: as fast as messages are acknowledged (default: ${DEFAULT-VALUE})")
        private double speed;

        @Option(
                names = "--times",
                defaultValue = "shift",
                converter = TimesText.class,
                description =
                        "keep those of the file (old ones are refused unless they come by --backfill), shift them as a whole so "
                                + "that the last reading is dated when it is sent, or shift-each device by itself "
                                + "(default: ${DEFAULT-VALUE})")
        private ReplaySettings.Times times = ReplaySettings.Times.SHIFT;

        @Option(
                names = "--backfill",
                description = "Send it as history through the REST API instead of MQTT, of any age and as fast as the "
                        + "platform takes it; with --times keep and a token")
        private boolean backfill;

        @Option(
                names = "--live",
                defaultValue = "0s",
                converter = DurationText.class,
                description = "Play so much of the end in real time, whatever the speed, such as 1h "
                        + "(default: ${DEFAULT-VALUE}, none)")
        private Duration live = Duration.ZERO;

        @Option(
                names = "--type",
                defaultValue = "climate",
                description = "Type of its devices (default: ${DEFAULT-VALUE})")
        private String type = "climate";

        @Option(
                names = "--site",
                defaultValue = "berlin",
                description = "Site of its devices: berlin, lyon, oslo or porto (default: ${DEFAULT-VALUE})")
        private String site = "berlin";
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = out();
        Replay wanted = replay;
        if (wanted != null && wanted.backfill) {
            return backfill(out);
        }
        try (SimulatedFleet fleet = SimulatedFleet.start(settings(out))) {
            Thread onExit = new Thread(fleet::close, "simulator-exit");
            Runtime.getRuntime().addShutdownHook(onExit);
            while (!fleet.awaitEnd(Duration.ofHours(1))) {
                out.flush();
            }
            return 0;
        } catch (IOException | ProvisioningException | IllegalArgumentException e) {
            out.println("device-simulator: " + e.getMessage());
            return 1;
        } finally {
            out.flush();
        }
    }

    private int backfill(PrintWriter out) throws InterruptedException {
        try {
            HistoryUpload.Result result = SimulatedFleet.backfill(settings(out));
            out.println("History is in: " + result.accepted() + " readings accepted, " + result.refused() + " refused");
            return result.accepted() > 0 ? 0 : 1;
        } catch (IOException | ProvisioningException | IllegalArgumentException e) {
            out.println("device-simulator: " + e.getMessage());
            return 1;
        } finally {
            out.flush();
        }
    }

    /** The settings that the options mean. */
    FleetSettings settings(PrintWriter out) throws IOException {
        try {
            FleetSettings.Builder settings = FleetSettings.builder(broker)
                    .link(LinkSettings.to(broker).withQueues(inFlight, pending).withRetainedStatus(retainStatus))
                    .tenant(new TenantId(tenant))
                    .devices(devices)
                    .seed(seed)
                    .interval(interval)
                    .readingsPerSecond(rate)
                    .duration(duration)
                    .faults(profile())
                    .connections(connections)
                    .pacers(pacers)
                    .history(history)
                    .replay(replaySettings())
                    .summary(line -> {
                        out.println(line);
                        out.flush();
                    });
            Supplier<String> token = token();
            if (token == null) {
                settings.credentials(new CredentialsFile(credentials).read());
            } else {
                settings.provisioning(new FleetSettings.Provisioning(api, token, credentials));
            }
            return settings.build();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), e.getMessage(), e);
        }
    }

    private FaultProfile profile() {
        return switch (faults) {
            case NONE -> FaultProfile.NONE;
            case SOME -> FaultProfile.SOME;
            case MANY -> FaultProfile.MANY;
        };
    }

    private @Nullable ReplaySettings replaySettings() {
        Replay wanted = replay;
        if (wanted == null) {
            return null;
        }
        Site site = Site.ALL.stream()
                .filter(known -> known.id().value().equals(wanted.site))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("unknown site " + wanted.site));
        return new ReplaySettings(
                wanted.file,
                wanted.speed,
                wanted.times,
                wanted.live,
                wanted.type,
                site,
                ReplaySettings.DEFAULT_ROW_LIMIT);
    }

    private @Nullable Supplier<String> token() {
        TokenSource source = tokenSource;
        if (source == null) {
            return null;
        }
        if (source.token != null) {
            String given = source.token;
            return () -> given;
        }
        if (source.command != null) {
            return new CommandToken(source.command);
        }
        Client client = source.client;
        return client == null
                ? null
                : new ClientCredentialsToken(client.issuer, client.id, client.secret, tenant, Clock.systemUTC());
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }
}
