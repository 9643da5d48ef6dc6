package dev.heliograph.query.data;

import java.util.Map;

/** A statement with named parameters and their values. */
record BoundSql(String text, Map<String, Object> parameters) {}
