@NullMarked
package dev.heliograph.ingest.ledger;

import org.jspecify.annotations.NullMarked;
