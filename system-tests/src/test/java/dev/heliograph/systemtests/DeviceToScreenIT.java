package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedPlatform.class)
class DeviceToScreenIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void givenNewDevice_whenItPublishes_thenTheValueIsStoredAndLive(PlatformProcess platform) throws Exception {
        Api api = new Api(platform, "viewer");
        JsonNode key = platform.deviceKey("kettle-1");
        CompletableFuture<JsonNode> live = api.firstEvent(
                "topics=samples&device=kettle-1",
                "samples",
                data -> data.toString().contains("61.25"));

        try (Device device = Device.connect(key)) {
            assertThat(device.publish("{\"temperature\": 61.25}").get(60, TimeUnit.SECONDS))
                    .isTrue();
        }

        assertThat(live.get(60, TimeUnit.SECONDS).path(0).path("device").asString())
                .isEqualTo("kettle-1");
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode sample =
                    api.get("/devices/kettle-1/latest").path("samples").path(0);
            assertThat(sample.path("metric").asString()).isEqualTo("temperature");
            assertThat(sample.path("value").asDouble()).isEqualTo(61.25);
        });
    }

    @Test
    void givenSimulatedFleet_whenItRuns_thenDevicesReport(PlatformProcess platform) {
        Api api = new Api(platform, "viewer");

        await().atMost(LIMIT.multipliedBy(2)).untilAsserted(() -> {
            JsonNode devices = api.get("/fleet/summary").path("devices");
            assertThat(devices.path("reporting").asInt()).isGreaterThanOrEqualTo(5);
        });
        assertThat(api.get("/rules").path("items").size()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void givenRunningPlatform_whenAskedForItsStatus_thenEveryStageIsOk(PlatformProcess platform) {
        await().atMost(LIMIT).untilAsserted(() -> {
            PlatformProcess.Result status = PlatformProcess.run(platform.data(), "status");
            assertThat(status.exitCode()).isZero();
            assertThat(status.output()).contains("Heliograph is running").doesNotContain("unknown", "down");
        });
    }
}
