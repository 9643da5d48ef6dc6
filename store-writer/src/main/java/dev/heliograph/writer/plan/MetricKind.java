package dev.heliograph.writer.plan;

/** What a metric's samples are, as the catalogue of metrics says it. */
public enum MetricKind {
    NUMBER("number"),
    BOOLEAN("boolean"),
    STATE("state");

    private final String text;

    MetricKind(String text) {
        this.text = text;
    }

    /** The text in the table {@code metric}. */
    public String text() {
        return text;
    }
}
