package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.search.Search;
import java.util.List;
import java.util.Map;

/**
 * Which devices a query is about; everything given must match, an empty part matches all.
 *
 * @param devices one of these
 * @param sites at one of these
 * @param types of one of these
 * @param labels with all of these
 * @param search that finds them
 */
public record Selector(
        List<DeviceId> devices, List<SiteId> sites, List<String> types, Map<String, String> labels, Search search) {}
