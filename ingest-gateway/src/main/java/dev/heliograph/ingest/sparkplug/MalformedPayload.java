package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;

/** Leaves the reading of a payload that is refused whole. Without a stack trace: bad input must not cost more than good. */
final class MalformedPayload extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    MalformedPayload(Reason reason, String detail) {
        super(detail, null, false, false);
        this.refusal = Refusal.ofMessage(reason, detail);
    }

    Refusal refusal() {
        return refusal;
    }
}
