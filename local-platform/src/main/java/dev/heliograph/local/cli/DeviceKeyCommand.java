package dev.heliograph.local.cli;

import dev.heliograph.local.client.HeliographApi;
import dev.heliograph.local.data.RunningPlatform;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code heliograph device-key}. */
@Command(
        name = "device-key",
        sortOptions = false,
        description =
                "Give a device a key, registering it if it is new. The key is shown once; an earlier one stops working.")
final class DeviceKeyCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Parameters(paramLabel = "DEVICE", description = "Its id: lower-case letters, digits, - and _; at most 64.")
    private String device = "";

    @Option(names = "--tenant", defaultValue = "demo", description = "Default: ${DEFAULT-VALUE}.")
    private String tenant = "demo";

    @ArgGroup
    private final Form form = new Form();

    /** How the key is printed; for people unless one is chosen. */
    private static final class Form {
        @Option(names = "--json", description = "Print one JSON object, for scripts.")
        private boolean json;

        @Option(
                names = "--shell",
                description = "Print DEVICE_USER and DEVICE_PASSWORD as assignments, for: eval \"$(...)\".")
        private boolean shell;
    }

    @Mixin
    private final DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        RunningPlatform platform = data.running();
        JsonNode key = issue(data.api(tenant, "admin"));
        String user = key.path("username").asString();
        String password = key.path("password").asString();
        if (form.json) {
            System.out.println(asJson(platform, user, password));
        } else if (form.shell) {
            System.out.println(asShell(user, password));
        } else {
            System.out.println(asText(platform, user, password));
        }
        return 0;
    }

    private JsonNode issue(HeliographApi api) throws IOException {
        ObjectNode request = JSON.createObjectNode().put("issueCredentials", true);
        request.putArray("devices").addObject().put("id", device);
        JsonNode registered =
                api.post("/devices:register", request).path("devices").path(0);
        return registered.path("password").isString()
                ? registered
                : api.post("/devices/" + device + "/credentials", JSON.createObjectNode());
    }

    private String asJson(RunningPlatform platform, String user, String password) {
        return JSON.createObjectNode()
                .put("device", device)
                .put("tenant", tenant)
                .put("username", user)
                .put("password", password)
                .put("host", platform.mqttHost())
                .put("port", platform.mqttPort())
                .put("topic", topic())
                .toString();
    }

    // Neither holds a quote: identifiers, and base64url.
    private static String asShell(String user, String password) {
        return "DEVICE_USER='%s'%nDEVICE_PASSWORD='%s'".formatted(user, password);
    }

    private String asText(RunningPlatform platform, String user, String password) {
        return """
                User name   %1$s
                Password    %2$s
                            shown once; ask for another with the same command

                Connect to  mqtt://%3$s:%4$d   (MQTT 5 or 3.1.1, client id %5$s)
                Publish to  %6$s

                  mosquitto_pub -h %3$s -p %4$d -V mqttv5 -q 1 -i %5$s -u '%1$s' -P '%2$s' \\
                    -t %6$s -m '{"temperature": 21.4}'
                  curl -u '%1$s:%2$s' -H 'Content-Type: application/json' \\
                    -d '{"temperature": 21.4}' %7$s/api/v1/telemetry""".formatted(user, password, platform.mqttHost(), platform.mqttPort(), device, topic(), platform.url());
    }

    private String topic() {
        return "iot/v1/%s/%s/telemetry".formatted(tenant, device);
    }
}
