/** The ledger: what was received and what became of it, and what devices never delivered. */
@NullMarked
package dev.heliograph.query.ledger;

import org.jspecify.annotations.NullMarked;
