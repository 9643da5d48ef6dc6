package dev.heliograph.ingest.funnel;

/** Leaves the parsing of a message that is refused whole. Without a stack trace: bad input must not cost more than good. */
public final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    public Rejected(Reason reason, String detail) {
        super(detail, null, false, false);
        this.refusal = Refusal.ofMessage(reason, detail);
    }

    Refusal refusal() {
        return refusal;
    }
}
