package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.intake.Intake;

/**
 * A message on its way through the host application, which may hold it for a while.
 *
 * @param message the message
 * @param answer who waits for the word that it is safe; not called by the host application itself
 */
record Arrival(RawMessage message, Intake.Answer answer) {}
