package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.funnel.Address;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Excess;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters.Result;
import dev.heliograph.model.reading.Transport;
import io.micrometer.core.instrument.Counter;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry in the layouts of the mapping table. The broker keeps the session while the gateway is away (clean start off, an
 * expiry of days): else what arrives during a restart is gone.
 *
 * <p>What exceeds the limits of its sender goes to the quarantine, from where it can be replayed. Limits are rates of arrival:
 * they say nothing about what the broker had kept and delivers at once, so they rest meanwhile.
 */
final class TelemetrySession implements BrokerSession {
    private static final String SHARED = "$share/";

    private final SubscriptionSettings settings;
    private final String clientId;
    private final Intake intake;
    private final SenderLimits limits;
    private final BooleanSupplier ready;
    private final Counter forgotten;
    private final boolean isShared;
    private final long strand;

    TelemetrySession(
            SubscriptionSettings settings,
            int number,
            Intake intake,
            SenderLimits limits,
            BooleanSupplier ready,
            Counter forgotten) {
        this.settings = settings;
        this.clientId = settings.clientId() + "-" + number;
        this.intake = intake;
        this.limits = limits;
        this.ready = ready;
        this.forgotten = forgotten;
        this.isShared = settings.filter().startsWith(SHARED);
        this.strand = intake.newStrand();
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

    /** Of a shared subscription each gets some messages of a device; of any other, all that the broker has of it, kept ones included. */
    @Override
    public long strand() {
        return isShared ? intake.newStrand() : strand;
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
        Address address = limits.address(message);
        SenderLimits.Limited sender = receipt.mayBeBacklog() ? null : limits.of(address);
        Excess excess = sender == null ? null : sender.allowance().tryTake(message.payload().length);
        if (sender == null || excess == null) {
            Allowance allowance = sender == null ? null : sender.allowance();
            intake.submit(message, address, allowance, (outcome, failure) -> tell(receipt, failure));
            return;
        }
        // The sender cannot be told, and an acknowledgement held back would hold up everybody behind it.
        intake.counters().count(Transport.SUBSCRIPTION, Result.THROTTLED);
        intake.counters().throttled(excess);
        Refusal refusal = Refusal.ofMessage(Reason.RATE, excess.describe());
        intake.refuse(message, sender.device(), refusal, failure -> tell(receipt, failure));
    }

    private static void tell(Receipt receipt, @Nullable Throwable failure) {
        if (failure == null) {
            receipt.done();
        } else {
            receipt.failed();
        }
    }
}
