package dev.heliograph.query.devices;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.JdbcDevices.Keyed;
import dev.heliograph.query.devices.JdbcDevices.Place;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Search;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Writes devices as CSV, a page of the list at a time: memory and statements do not grow with the fleet. */
final class DeviceExport {
    private static final int PAGE = 1_000;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final JdbcDevices devices;
    private final FleetSettings settings;
    private final Semaphore places;

    DeviceExport(JdbcDevices devices, FleetSettings settings) {
        this.devices = devices;
        this.settings = settings;
        this.places = new Semaphore(settings.exports());
    }

    /** Where the file goes, once it is certain that there will be one. */
    interface Target {
        OutputStream open() throws IOException;
    }

    void write(TenantId tenant, Search search, Target target) throws IOException {
        if (!places.tryAcquire()) {
            throw Problems.unavailable("busy", "Too many exports are running.", RETRY);
        }
        try {
            TreeSet<String> labels = new TreeSet<>(devices.labelKeys(tenant, search, settings.exportLabels() + 1));
            if (labels.size() > settings.exportLabels()) {
                throw Problems.overLimit("An export may have " + settings.exportLabels()
                        + " label keys; these devices have more. Narrow the search.");
            }
            Writer out = new BufferedWriter(new OutputStreamWriter(target.open(), StandardCharsets.UTF_8));
            out.write(DeviceCsv.header(labels));
            @Nullable Place after = null;
            boolean more = true;
            while (more) {
                List<Keyed> page = devices.page(tenant, search, DeviceSort.ID, PAGE, after);
                for (Keyed one : page) {
                    out.write(DeviceCsv.row(one.device(), labels));
                }
                more = page.size() == PAGE;
                after = page.isEmpty()
                        ? null
                        : new Place(
                                page.getLast().key(), page.getLast().device().id());
            }
            out.flush();
        } finally {
            places.release();
        }
    }
}
