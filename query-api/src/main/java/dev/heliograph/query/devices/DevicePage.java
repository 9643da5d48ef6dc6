package dev.heliograph.query.devices;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some devices of a list.
 *
 * @param nextCursor where the next page begins; null on the last
 * @param total how many devices the search found when its first page was asked for
 * @param totalIsExact false where there are more than {@code total}
 */
public record DevicePage(List<Device> items, @Nullable String nextCursor, long total, boolean totalIsExact) {}
