package dev.heliograph.query.devices;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.web.Patches;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates and changes devices by a CSV file: all of its rows or, if one is wrong, none. A column that is not there changes
 * nothing, an empty cell clears.
 */
final class DeviceImport {
    private static final int BATCH = 1_000;
    private static final int LISTED = 100;
    private static final DeviceChange NEW = new DeviceChange(null, null, null, Map.of(), null, null, null, null, null);

    private final JdbcDeviceRegistry devices;
    private final DeviceRegistry registry;
    private final Patches patches;
    private final AuditTrail audit;
    private final FleetSettings settings;

    DeviceImport(
            JdbcDeviceRegistry devices,
            DeviceRegistry registry,
            Patches patches,
            AuditTrail audit,
            FleetSettings settings) {
        this.devices = devices;
        this.registry = registry;
        this.patches = patches;
        this.audit = audit;
        this.settings = settings;
    }

    /**
     * What an import did, or would do.
     *
     * @param dryRun whether nothing was changed because only that was asked for
     * @param rows rows of the file
     * @param failed rows that are wrong; always 0 where something was changed
     * @param errors the first of them
     * @param published whether Kafka has the changes; if not, they are kept and published when Kafka is back
     */
    record ImportResult(
            boolean dryRun,
            int rows,
            int created,
            int updated,
            int unchanged,
            int failed,
            List<ImportError> errors,
            boolean published) {}

    /** What is wrong with a row; the header is line 1. */
    record ImportError(int line, @Nullable String column, String detail) {}

    private record Wanted(int line, ObjectNode patch) {}

    /** One run: what was read, and what is found out about it. */
    private static final class Run {
        final Map<String, Wanted> wanted = new LinkedHashMap<>();
        final List<ImportError> errors = new ArrayList<>();
        final Map<String, DeviceChange> created = new LinkedHashMap<>();
        final Map<String, DeviceChange> updated = new LinkedHashMap<>();
        int rows;
        int failed;

        void fail(int line, @Nullable String column, String detail) {
            failed++;
            if (errors.size() < LISTED) {
                errors.add(new ImportError(line, column, detail));
            }
        }

        ImportResult result(boolean dryRun, boolean published) {
            int unchanged = rows - failed - created.size() - updated.size();
            return new ImportResult(
                    dryRun, rows, created.size(), updated.size(), unchanged, failed, List.copyOf(errors), published);
        }
    }

    ImportResult run(Caller caller, InputStream body, boolean dryRun) throws IOException {
        Run run = read(body);
        if (dryRun) {
            judge(caller.tenant(), run, false);
            return run.result(true, false);
        }
        boolean published = registry.changeMany(() -> change(caller, run));
        return run.result(false, published);
    }

    private List<Long> change(Caller caller, Run run) {
        TenantId tenant = caller.tenant();
        judge(tenant, run, true);
        if (run.failed > 0) {
            throw refused(run);
        }
        Map<String, DeviceChange> all = new LinkedHashMap<>(run.created);
        all.putAll(run.updated);
        if (all.isEmpty()) {
            return List.of();
        }
        List<String> ids = List.copyOf(all.keySet());
        for (int from = 0; from < ids.size(); from += BATCH) {
            Map<String, DeviceChange> part = new LinkedHashMap<>();
            ids.subList(from, Math.min(from + BATCH, ids.size()))
                    .forEach(id -> part.put(id, all.getOrDefault(id, NEW)));
            devices.putAll(tenant, part);
        }
        audit.record(
                tenant,
                caller,
                "device.import",
                ids.size() + " devices",
                Map.of("created", run.created.keySet(), "updated", run.updated.keySet()));
        return registry.publishAll(tenant, ids);
    }

    private static ProblemException refused(Run run) {
        return Problems.badBody(run.errors.stream()
                .map(error -> new Fault(
                        "line " + error.line() + (error.column() == null ? "" : ", " + error.column()), error.detail()))
                .toList());
    }

    private void judge(TenantId tenant, Run run, boolean lock) {
        List<String> ids = run.wanted.keySet().stream().sorted().toList();
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<String> part = ids.subList(from, Math.min(from + BATCH, ids.size()));
            Map<String, DeviceChange> known = lock ? devices.lockAll(tenant, part) : devices.known(tenant, part);
            for (String id : part) {
                Wanted wanted = run.wanted.get(id);
                if (wanted != null) {
                    judge(run, id, wanted, known.get(id));
                }
            }
        }
        run.errors.sort(Comparator.comparingInt(ImportError::line));
    }

    private void judge(Run run, String id, Wanted wanted, @Nullable DeviceChange known) {
        DeviceChange change = patches.apply(known == null ? NEW : known, wanted.patch(), DeviceChange.class);
        List<Fault> faults = new ArrayList<>();
        change.check("", faults);
        if (!faults.isEmpty()) {
            Fault first = faults.getFirst();
            run.fail(wanted.line(), column(first.pointer()), first.detail());
        } else if (known == null) {
            run.created.put(id, change);
        } else if (!change.named(id).equals(known.named(id))) {
            run.updated.put(id, change);
        }
    }

    private static String column(String pointer) {
        String path = pointer.substring(1);
        return path.startsWith("labels/")
                ? DeviceCsv.LABEL + path.substring("labels/".length())
                : path.startsWith("location/") ? path.substring("location/".length()) : path;
    }

    private Run read(InputStream body) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(
                body,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        Run run = new Run();
        int line = 1;
        try {
            String header = lines.readLine();
            if (header == null) {
                throw Problems.badBody("line 1", "is missing: a header with id and other columns is needed");
            }
            DeviceCsv columns = header(header);
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                line++;
                if (!text.isBlank()) {
                    row(run, line, columns.read(text));
                }
            }
        } catch (CharacterCodingException notText) {
            throw Problems.badBody("line " + line, "or one soon behind it is not UTF-8");
        }
        return run;
    }

    private static DeviceCsv header(String line) {
        try {
            return DeviceCsv.ofHeader(line);
        } catch (IllegalArgumentException notOfDevices) {
            throw Problems.badBody("line 1", String.valueOf(notOfDevices.getMessage()));
        }
    }

    private void row(Run run, int line, DeviceCsv.Row row) {
        if (++run.rows > settings.importRows()) {
            throw Problems.overLimit("An import may have " + settings.importRows() + " rows.");
        }
        switch (row) {
            case DeviceCsv.Row.Bad bad -> run.fail(line, bad.column(), bad.detail());
            case DeviceCsv.Row.Good good -> {
                Wanted twice = run.wanted.putIfAbsent(good.id(), new Wanted(line, good.patch()));
                if (twice != null) {
                    run.fail(line, "id", "is in line " + twice.line() + " already");
                }
            }
        }
    }
}
