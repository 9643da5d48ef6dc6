package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Excess;
import dev.heliograph.ingest.intake.Intake;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way through the host application, which may hold it for a while.
 *
 * @param message the message
 * @param topic its topic taken apart; null where it is none of Sparkplug B
 * @param answer who waits for the word that it is safe; not called by the host application itself
 * @param sender whose limits it counts against; null where nobody is limited
 * @param excess the limit that it was not within, so that its values are refused; null where it was, or was taken on credit
 */
record Arrival(
        RawMessage message,
        @Nullable SparkplugTopic topic,
        Intake.Answer answer,
        @Nullable Allowance sender,
        @Nullable Excess excess) {

    /** A message of nobody who is limited. */
    static Arrival of(RawMessage message, Intake.Answer answer) {
        return new Arrival(message, SparkplugTopic.parse(message.topic()).orElse(null), answer, null, null);
    }
}
