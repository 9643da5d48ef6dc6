/** The writer: Kafka to the database, rows and offsets in one transaction. This package wires it for Spring. */
@NullMarked
package dev.heliograph.writer;

import org.jspecify.annotations.NullMarked;
