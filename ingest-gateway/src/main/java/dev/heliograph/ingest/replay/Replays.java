package dev.heliograph.ingest.replay;

import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.IntakeMode;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.model.wire.WireCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Takes quarantined messages through the same funnel and intake as any other. A reading that names no time keeps the time of
 * the first receipt, so that replaying twice gives the same measurements; what is refused again makes no second row. What was
 * to bring history brings history: who replays it answers for that, whatever the device may do by now.
 *
 * <p>A preview goes through a funnel that counts nothing against the device.
 */
public final class Replays {
    private static final int MOST_TOLD = 10;

    private final Intake intake;
    private final Funnel preview;
    private final InstantSource clock;
    private final Duration acknowledgeTimeout;

    /** @param preview judges as the intake's funnel does, without remembering what it saw */
    public Replays(Intake intake, Funnel preview, InstantSource clock, Duration acknowledgeTimeout) {
        this.intake = intake;
        this.preview = preview;
        this.clock = clock;
        this.acknowledgeTimeout = acknowledgeTimeout;
    }

    /** Replays, or says what would come of it. Blocks until Kafka has what was accepted, within the timeout. */
    public ReplayAnswer answer(ReplayRequest request) throws InterruptedException {
        long deadline = System.nanoTime() + acknowledgeTimeout.toNanos();
        List<CompletableFuture<Outcome>> running =
                new ArrayList<>(request.messages().size());
        for (ReplayRequest.Message message : request.messages()) {
            running.add(request.dryRun() ? CompletableFuture.completedFuture(judge(message)) : take(message));
        }
        List<ReplayAnswer.Result> results = new ArrayList<>(running.size());
        for (int at = 0; at < running.size(); at++) {
            results.add(result(request.messages().get(at).id(), running.get(at), deadline));
        }
        return new ReplayAnswer(WireCodec.VERSION, results);
    }

    private Outcome judge(ReplayRequest.Message message) {
        return ofItsTenant(message, preview.pass(raw(message)));
    }

    private CompletableFuture<Outcome> take(ReplayRequest.Message message) {
        Outcome judged = judge(message);
        if (judged.readings().isEmpty()) {
            return CompletableFuture.completedFuture(judged);
        }
        CompletableFuture<Outcome> safe = new CompletableFuture<>();
        intake.replay(raw(message), Micros.of(clock.instant()), (outcome, failure) -> {
            if (failure == null) {
                safe.complete(outcome);
            } else {
                safe.completeExceptionally(failure);
            }
        });
        return safe;
    }

    /** What a tenant replays may become readings of that tenant only, whatever topic and mapping say by now. */
    private static Outcome ofItsTenant(ReplayRequest.Message message, Outcome outcome) {
        boolean isForeign = outcome.readings().stream()
                .anyMatch(reading -> !reading.device().tenant().value().equals(message.tenant()));
        return isForeign
                ? Outcome.refused(
                        null,
                        Refusal.ofMessage(Reason.IDENTITY_MISMATCH, "the message belongs to another tenant by now"))
                : outcome;
    }

    private RawMessage raw(ReplayRequest.Message message) {
        Optional<DeviceKey> device = message.device() == null
                ? Optional.empty()
                : DeviceKey.parse(message.tenant() + "/" + message.device());
        return new RawMessage(
                message.topic(),
                message.payload(),
                device.orElse(null),
                message.contentType(),
                false,
                0,
                message.received(),
                Transport.valueOf(message.transport().toUpperCase(Locale.ROOT)),
                QuarantineRecord.BACKFILL.equals(message.mode()) ? IntakeMode.BACKFILL : IntakeMode.LIVE,
                intake.newStrand());
    }

    private static ReplayAnswer.Result result(String id, CompletableFuture<Outcome> running, long deadline)
            throws InterruptedException {
        try {
            long left = Math.max(0, deadline - System.nanoTime());
            return result(id, running.get(left, TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException notSafe) {
            return new ReplayAnswer.Result(id, ReplayAnswer.FAILED, 0, 0, List.of(), List.of());
        }
    }

    private static ReplayAnswer.Result result(String id, Outcome outcome) {
        String word = outcome.readings().isEmpty()
                ? ReplayAnswer.REFUSED
                : outcome.isClean() ? ReplayAnswer.ACCEPTED : ReplayAnswer.PARTIAL;
        return new ReplayAnswer.Result(
                id,
                word,
                outcome.readings().size(),
                outcome.readings().stream()
                        .mapToInt(reading -> reading.samples().size())
                        .sum(),
                outcome.refusals().stream()
                        .limit(MOST_TOLD)
                        .map(refusal -> new ReplayAnswer.Refusal(
                                refusal.reason().code(),
                                refusal.pointer().isEmpty()
                                        ? refusal.detail()
                                        : refusal.pointer() + ": " + refusal.detail()))
                        .toList(),
                outcome.readings().stream()
                        .flatMap(reading -> reading.samples().stream().map(sample -> shown(reading, sample)))
                        .limit(MOST_TOLD)
                        .toList());
    }

    private static ReplayAnswer.Sample shown(Reading reading, Sample sample) {
        String value = switch (sample) {
            case Sample.Measurement m -> Double.toString(m.value());
            case Sample.Flag f -> Boolean.toString(f.value());
            case Sample.State s -> s.text();
        };
        return new ReplayAnswer.Sample(
                reading.device().device().value(),
                reading.timeMicros(),
                sample.metric().value(),
                value,
                reading.sequence());
    }
}
