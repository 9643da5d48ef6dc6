@NullMarked
package dev.heliograph.query.ledger;

import org.jspecify.annotations.NullMarked;
