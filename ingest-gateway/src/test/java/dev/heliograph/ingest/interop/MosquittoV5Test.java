package dev.heliograph.ingest.interop;

import org.junit.jupiter.api.condition.EnabledIf;

/** The tools of Eclipse Mosquitto by MQTT 5; skipped where they are not installed. */
@EnabledIf(
        value = "isInstalled",
        disabledReason = "mosquitto_pub and mosquitto_sub (mosquitto-clients) are not installed")
class MosquittoV5Test extends InteropSuite {
    static boolean isInstalled() {
        return Mosquitto.isInstalled();
    }

    @Override
    DeviceClient client() {
        return new Mosquitto(true);
    }
}
