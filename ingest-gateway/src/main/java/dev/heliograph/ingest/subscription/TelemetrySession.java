package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.intake.Intake;
import io.micrometer.core.instrument.Counter;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/**
 * Telemetry in the layouts of the mapping table. The broker keeps the session while the gateway is away (clean start off, an
 * expiry of days): else what arrives during a restart is gone.
 */
final class TelemetrySession implements BrokerSession {
    private final SubscriptionSettings settings;
    private final String clientId;
    private final Intake intake;
    private final BooleanSupplier ready;
    private final Counter forgotten;

    TelemetrySession(
            SubscriptionSettings settings, int number, Intake intake, BooleanSupplier ready, Counter forgotten) {
        this.settings = settings;
        this.clientId = settings.clientId() + "-" + number;
        this.intake = intake;
        this.ready = ready;
        this.forgotten = forgotten;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public void prepare(MqttConnectionOptions options) {
        options.setCleanStart(false);
        options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
    }

    @Override
    public String[] filters() {
        return new String[] {settings.filter()};
    }

    @Override
    public boolean mayConnect() {
        return ready.getAsBoolean();
    }

    @Override
    public void forgotten() {
        forgotten.increment();
    }

    @Override
    public void arrived(RawMessage message, Receipt receipt) {
        intake.submit(message, (outcome, failure) -> {
            if (failure == null) {
                receipt.done();
            } else {
                receipt.failed();
            }
        });
    }
}
