package dev.heliograph.ingest.kafka;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has a gateway that finds wrong topics end with what is wrong and what to do, instead of a stack trace. */
public final class WrongTopicsAnalyzer extends AbstractFailureAnalyzer<WrongTopics> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WrongTopics cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Change the topics or heliograph.kafka, as docs/runbooks/wrong-topics.md says, and start again.",
                cause);
    }
}
