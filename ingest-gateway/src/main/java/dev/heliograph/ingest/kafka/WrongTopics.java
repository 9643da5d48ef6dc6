package dev.heliograph.ingest.kafka;

import org.springframework.boot.ExitCodeGenerator;

/** The topics are not what the gateway was told; the message names every difference. No attempt will change that. */
public final class WrongTopics extends IllegalStateException implements ExitCodeGenerator {
    /** What a process ends with that is configured wrongly: {@code EX_CONFIG} of sysexits.h. */
    static final int EXIT_CODE = 78;

    /** @param message every difference */
    public WrongTopics(String message) {
        super(message);
    }

    @Override
    public int getExitCode() {
        return EXIT_CODE;
    }
}
