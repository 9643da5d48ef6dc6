package dev.heliograph.query.quarantine;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes quarantined messages again by the gateway, and keeps on the row what came of it. Two that replay the same row at the
 * same time do no harm: the readings are the same, and the store keeps each once.
 */
final class Replay {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final JdbcReplays rows;
    private final ReplayGateway gateway;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;

    Replay(JdbcReplays rows, ReplayGateway gateway, AuditTrail audit, TransactionTemplate transactions) {
        this.rows = rows;
        this.gateway = gateway;
        this.audit = audit;
        this.transactions = transactions;
    }

    /**
     * Replays rows of the caller's tenant, or tells what would come of it.
     *
     * @param dryRun whether nothing is to be sent or kept
     */
    ReplayResults run(Caller caller, LinkedHashSet<UUID> ids, boolean dryRun) {
        Map<UUID, JdbcReplays.Kept> kept = new HashMap<>();
        rows.kept(caller.tenant(), ids).forEach(row -> kept.put(row.id(), row));
        Map<UUID, ReplayResults.Result> results = new HashMap<>();
        List<JdbcReplays.Kept> open = new ArrayList<>();
        for (UUID id : ids) {
            JdbcReplays.Kept row = kept.get(id);
            ReplayResults.Result obstacle =
                    row == null ? ReplayResults.Result.without(id, "unknown", "There is no such row.") : obstacle(row);
            if (obstacle != null) {
                results.put(id, obstacle);
            } else if (row != null) {
                open.add(row);
            }
        }
        if (!open.isEmpty()) {
            List<ReplayResults.Result> answered;
            try {
                answered = ask(open, dryRun);
            } catch (ReplayGateway.Away away) {
                throw unavailable(away);
            }
            if (!dryRun) {
                keep(caller, open, answered, Map.of());
            }
            answered.forEach(result -> results.put(result.id(), result));
        }
        return new ReplayResults(dryRun, ids.stream().map(results::get).toList());
    }

    private static ReplayResults.@Nullable Result obstacle(JdbcReplays.Kept row) {
        if (ReplayAnswer.ACCEPTED.equals(row.outcome()) || ReplayAnswer.PARTIAL.equals(row.outcome())) {
            return ReplayResults.Result.without(
                    row.id(), "already-replayed", "It was replayed before: " + row.outcome() + ".");
        }
        String why = QuarantinePage.notReplayable(row.transport(), row.size(), row.payload().length);
        return why == null ? null : ReplayResults.Result.without(row.id(), "not-replayable", why);
    }

    /** Has the gateway take these rows, or say what it would: a result for each, in their order. */
    List<ReplayResults.Result> ask(List<JdbcReplays.Kept> asked, boolean dryRun) throws ReplayGateway.Away {
        List<ReplayRequest.Message> messages = asked.stream()
                .map(row -> new ReplayRequest.Message(
                        row.id().toString(),
                        row.tenant(),
                        row.device(),
                        row.topic(),
                        row.transport(),
                        row.contentType(),
                        row.mode(),
                        Micros.of(row.receivedAt()),
                        row.payload()))
                .toList();
        ReplayAnswer answer = gateway.ask(new ReplayRequest(WireCodec.VERSION, dryRun, messages));
        List<ReplayResults.Result> results = new ArrayList<>(asked.size());
        for (int at = 0; at < asked.size(); at++) {
            results.add(
                    ReplayResults.Result.of(asked.get(at).id(), answer.results().get(at)));
        }
        return results;
    }

    /** The refusal of a request for which no gateway answered. */
    static ProblemException unavailable(ReplayGateway.Away away) {
        return Problems.unavailable("replay-unavailable", String.valueOf(away.getMessage()), RETRY_AFTER);
    }

    /**
     * Keeps what came of it, on the rows and in the audit.
     *
     * @param results one for each row, in their order
     * @param besides what else the audit must say of each
     */
    void keep(
            Caller caller,
            List<JdbcReplays.Kept> asked,
            List<ReplayResults.Result> results,
            Map<String, String> besides) {
        Map<String, Map<String, ?>> details = new LinkedHashMap<>();
        for (int at = 0; at < asked.size(); at++) {
            ReplayResults.Result result = results.get(at);
            Map<String, Object> detail = new HashMap<>(besides);
            detail.put("outcome", result.outcome());
            detail.put("reason", asked.get(at).reason());
            detail.put("readings", result.readings());
            details.put(result.id().toString(), detail);
        }
        transactions.executeWithoutResult(status -> {
            rows.replayed(caller.tenant(), asked, caller.name(), results);
            audit.recordAll(caller.tenant(), caller, "quarantine.replay", details);
        });
    }
}
