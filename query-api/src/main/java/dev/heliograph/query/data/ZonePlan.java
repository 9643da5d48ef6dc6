package dev.heliograph.query.data;

import java.util.List;

/** How the slots whose buckets follow the same zone are computed. */
record ZonePlan(Plan plan, List<Slot> slots) {}
