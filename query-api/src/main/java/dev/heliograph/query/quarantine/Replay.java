package dev.heliograph.query.quarantine;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes quarantined messages again by the gateway, row by row, and keeps on the row what came of it. Two that replay the same
 * row at the same time do no harm: the readings are the same, and the store keeps each once.
 */
final class Replay {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final JdbcQuarantine quarantine;
    private final ReplayGateway gateway;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;

    Replay(JdbcQuarantine quarantine, ReplayGateway gateway, AuditTrail audit, TransactionTemplate transactions) {
        this.quarantine = quarantine;
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
        Map<UUID, JdbcQuarantine.Kept> kept = new HashMap<>();
        quarantine.kept(caller.tenant(), ids).forEach(row -> kept.put(row.id(), row));
        Map<UUID, ReplayResults.Result> results = new HashMap<>();
        List<JdbcQuarantine.Kept> open = new ArrayList<>();
        for (UUID id : ids) {
            JdbcQuarantine.Kept row = kept.get(id);
            ReplayResults.Result obstacle =
                    row == null ? ReplayResults.Result.without(id, "unknown", "There is no such row.") : obstacle(row);
            if (obstacle != null) {
                results.put(id, obstacle);
            } else if (row != null) {
                open.add(row);
            }
        }
        if (!open.isEmpty()) {
            ask(open, dryRun).forEach(result -> results.put(result.id(), result));
        }
        if (!dryRun) {
            keep(caller, open, results);
        }
        return new ReplayResults(dryRun, ids.stream().map(results::get).toList());
    }

    private static ReplayResults.@Nullable Result obstacle(JdbcQuarantine.Kept row) {
        if (ReplayAnswer.ACCEPTED.equals(row.outcome()) || ReplayAnswer.PARTIAL.equals(row.outcome())) {
            return ReplayResults.Result.without(
                    row.id(), "already-replayed", "It was replayed before: " + row.outcome() + ".");
        }
        String why = QuarantinePage.notReplayable(row.transport(), row.size(), row.payload().length);
        return why == null ? null : ReplayResults.Result.without(row.id(), "not-replayable", why);
    }

    private List<ReplayResults.Result> ask(List<JdbcQuarantine.Kept> rows, boolean dryRun) {
        List<ReplayRequest.Message> messages = rows.stream()
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
        try {
            ReplayAnswer answer = gateway.ask(new ReplayRequest(WireCodec.VERSION, dryRun, messages));
            List<ReplayResults.Result> results = new ArrayList<>(rows.size());
            for (int at = 0; at < rows.size(); at++) {
                results.add(ReplayResults.Result.of(
                        rows.get(at).id(), answer.results().get(at)));
            }
            return results;
        } catch (ReplayGateway.Away away) {
            throw Problems.unavailable("replay-unavailable", String.valueOf(away.getMessage()), RETRY_AFTER);
        }
    }

    private void keep(Caller caller, List<JdbcQuarantine.Kept> rows, Map<UUID, ReplayResults.Result> results) {
        transactions.executeWithoutResult(status -> {
            for (JdbcQuarantine.Kept row : rows) {
                ReplayResults.Result result = results.get(row.id());
                if (result != null) {
                    quarantine.replayed(
                            caller.tenant(),
                            row.id(),
                            row.receivedAt(),
                            caller.name(),
                            result.outcome(),
                            result.detail());
                    audit.record(
                            caller.tenant(),
                            caller,
                            "quarantine.replay",
                            row.id().toString(),
                            Map.of("outcome", result.outcome(), "reason", row.reason(), "readings", result.readings()));
                }
            }
        });
    }
}
