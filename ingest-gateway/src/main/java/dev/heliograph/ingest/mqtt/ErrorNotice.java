package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.Printable;
import dev.heliograph.ingest.funnel.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a device reads on its {@code errors} topic.
 *
 * @param topic where it had published
 * @param accepted readings of the message that were taken
 * @param refused what was not, at most {@link #MAX_PARTS} of it
 * @param refusedParts how much was not
 */
record ErrorNotice(String topic, int accepted, List<Part> refused, int refusedParts) {
    static final int MAX_PARTS = 10;
    private static final int MAX_TOPIC_LENGTH = 256;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One part that was refused. */
    record Part(
            String reason,
            String detail,
            String hint,
            String pointer,
            @Nullable String metric,
            int index) {}

    static byte[] encode(String topic, Outcome outcome) {
        List<Part> parts = outcome.refusals().stream()
                .limit(MAX_PARTS)
                .map(ErrorNotice::part)
                .toList();
        return JSON.writeValueAsBytes(new ErrorNotice(
                Printable.cut(topic, MAX_TOPIC_LENGTH),
                outcome.readings().size(),
                parts,
                outcome.refusals().size()));
    }

    private static Part part(Refusal refusal) {
        return new Part(
                refusal.reason().code(),
                refusal.detail(),
                refusal.reason().hint(),
                refusal.pointer(),
                refusal.metric(),
                Math.max(0, refusal.index()));
    }
}
