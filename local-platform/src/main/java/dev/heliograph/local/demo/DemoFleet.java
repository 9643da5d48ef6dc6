package dev.heliograph.local.demo;

import dev.heliograph.local.client.HeliographApi;
import dev.heliograph.local.data.DataDirectory;
import dev.heliograph.local.data.RunningPlatform;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.simulator.FleetSettings;
import dev.heliograph.simulator.SimulatedFleet;
import dev.heliograph.simulator.fault.FaultProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A simulated fleet on a local platform, with rules that its faults will meet. */
public final class DemoFleet {
    private static final Logger LOG = LoggerFactory.getLogger(DemoFleet.class);
    private static final Duration SUMMARY_EVERY = Duration.ofMinutes(5);

    private final DataDirectory data;
    private final RunningPlatform platform;
    private final String tenant;
    private final HeliographApi api;

    /** A fleet of this tenant. */
    public DemoFleet(DataDirectory data, RunningPlatform platform, String tenant) {
        this.data = data;
        this.platform = platform;
        this.tenant = tenant;
        this.api = new HeliographApi(platform.apiUrl(), data.secrets().key("cli-client-secret"), tenant, "admin");
    }

    /**
     * Registers what is not registered yet and lets the devices connect. Rules are written once: what a user makes of them,
     * or deletes, stays as it is.
     *
     * @return the running fleet; closing it disconnects the devices
     * @throws IOException if the API refuses
     */
    public AutoCloseable start(int devices) throws IOException {
        Path written = data.simulator().resolve("rules-written");
        if (!Files.exists(written)) {
            DemoRules.writeTo(api);
            Files.createDirectories(data.simulator());
            Files.writeString(written, "The demo rules have been written; they are not written again.\n");
        }
        return SimulatedFleet.start(FleetSettings.builder(broker())
                .tenant(new TenantId(tenant))
                .devices(devices)
                .faults(FaultProfile.SOME)
                .drain(Duration.ofSeconds(2))
                .provisioning(new FleetSettings.Provisioning(
                        platform.apiUrl(), this::token, data.simulator().resolve("device-keys.json")))
                .summaryEvery(SUMMARY_EVERY)
                .summary(LOG::info)
                .build());
    }

    private URI broker() {
        return URI.create("tcp://%s:%d".formatted(platform.apiUrl().getHost(), platform.mqttPort()));
    }

    private String token() {
        try {
            return api.requestToken();
        } catch (IOException failure) {
            throw new UncheckedIOException("no token for the simulator", failure);
        }
    }
}
