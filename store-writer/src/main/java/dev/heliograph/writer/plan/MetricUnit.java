package dev.heliograph.writer.plan;

/** The unit that a device named for a metric of its tenant. */
public record MetricUnit(String tenant, String metric, String unit) {}
