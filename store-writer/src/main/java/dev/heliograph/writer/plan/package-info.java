/** What a batch of records means for the tables: decoding and planning, without Kafka and without a database. */
@NullMarked
package dev.heliograph.writer.plan;

import org.jspecify.annotations.NullMarked;
