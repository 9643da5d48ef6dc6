package dev.heliograph.simulator.provision;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.fleet.SimulatedDevice;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.simulator.physics.MetricSpec;
import dev.heliograph.simulator.physics.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a fleet known to the platform: sites, units of the metrics, devices with keys. What has a key in the file is taken as
 * registered, so a restart calls nothing; keys are saved after each call, so an interrupted run loses none that was issued.
 */
public final class FleetProvisioner {
    /** Devices in one call. */
    static final int BATCH = 1_000;

    private final URI api;
    private final Supplier<String> token;
    private final CredentialsFile file;

    /**
     * A provisioner.
     *
     * @param api origin of the REST API, such as {@code http://localhost:8080}
     * @param token of an administrator of the tenant, asked for at every call
     * @param credentials where keys are kept between runs
     */
    public FleetProvisioner(URI api, Supplier<String> token, Path credentials) {
        this.api = api;
        this.token = token;
        this.file = new CredentialsFile(credentials);
    }

    /**
     * The keys of all devices, issued now or before.
     *
     * @param metrics with their units, declared where a device is new
     * @throws ProvisioningException if the API refuses, does not answer or issues no key
     * @throws IOException if the file cannot be read or written
     */
    public Credentials provision(List<SimulatedDevice> devices, List<MetricSpec> metrics) throws IOException {
        Credentials known = file.read();
        Credentials before = known;
        List<SimulatedDevice> missing = devices.stream()
                .filter(device -> before.of(device.id()).isEmpty())
                .toList();
        if (missing.isEmpty()) {
            return known;
        }
        try (RestClient rest = new RestClient(api, token)) {
            declare(rest, missing, metrics);
            for (int from = 0; from < missing.size(); from += BATCH) {
                known = known.and(register(rest, missing.subList(from, Math.min(missing.size(), from + BATCH))));
                file.write(known);
            }
        }
        return known;
    }

    private static void declare(RestClient rest, List<SimulatedDevice> devices, List<MetricSpec> metrics) {
        Set<Site> sites = new LinkedHashSet<>();
        devices.forEach(device -> sites.add(device.site()));
        for (Site site : sites) {
            ObjectNode body = RestClient.JSON
                    .createObjectNode()
                    .put("name", site.name())
                    .put("timezone", site.zone().getId())
                    .put("lat", site.latitude())
                    .put("lon", site.longitude());
            rest.call("PUT", "/sites/" + site.id(), body);
        }
        for (MetricSpec metric : metrics) {
            ObjectNode body = RestClient.JSON
                    .createObjectNode()
                    .put("unit", metric.unit())
                    .put("description", metric.description())
                    .put("kind", metric.kind().word());
            rest.call("PUT", "/metrics/" + metric.name(), body);
        }
    }

    private static Map<DeviceId, Credential> register(RestClient rest, List<SimulatedDevice> devices) {
        ObjectNode body = RestClient.JSON.createObjectNode().put("issueCredentials", true);
        ArrayNode list = body.putArray("devices");
        devices.forEach(device -> describe(list.addObject(), device));
        JsonNode answer = rest.call("POST", "/devices:register", body);
        Map<DeviceId, Credential> issued = new HashMap<>();
        for (JsonNode device : answer.path("devices")) {
            DeviceId id = new DeviceId(device.path("id").asString());
            // A device that was there before may keep its key, which nobody can read again: replace it.
            issued.put(
                    id,
                    device.path("password").isString()
                            ? credential(device)
                            : credential(rest.call(
                                    "POST", "/devices/" + id + "/credentials", RestClient.JSON.createObjectNode())));
        }
        devices.stream()
                .filter(device -> !issued.containsKey(device.id()))
                .findAny()
                .ifPresent(forgotten -> {
                    throw new ProvisioningException(
                            "the answer of POST /devices:register has no device " + forgotten.id());
                });
        return issued;
    }

    private static void describe(ObjectNode node, SimulatedDevice device) {
        node.put("id", device.id().value())
                .put("name", device.name())
                .put("type", device.type())
                .put("site", device.site().id().value());
        ObjectNode labels = node.putObject("labels");
        device.labels().forEach(labels::put);
        if (device.interval() != null) {
            long millis = device.interval().toMillis();
            // A whole number wherever it is one: some readers of JSON are strict.
            node.set(
                    "expectedIntervalSeconds",
                    millis % 1_000 == 0
                            ? RestClient.JSON.getNodeFactory().numberNode(millis / 1_000)
                            : RestClient.JSON.getNodeFactory().numberNode(millis / 1_000.0));
        }
    }

    private static Credential credential(JsonNode node) {
        if (!node.path("username").isString() || !node.path("password").isString()) {
            throw new ProvisioningException(
                    "the API issued no key for " + node.path("id").asString("a device"));
        }
        return new Credential(
                node.path("username").asString(), node.path("password").asString());
    }
}
