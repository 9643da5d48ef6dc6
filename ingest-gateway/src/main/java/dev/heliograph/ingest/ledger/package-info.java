/** This gateway's end of the ledger: what Kafka has acknowledged, by tenant and minute of receipt. */
@NullMarked
package dev.heliograph.ingest.ledger;

import org.jspecify.annotations.NullMarked;
