package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.data.calc.Thinning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads single samples and states, and thins them if wanted. */
final class SampleRun {
    private static final int CHUNK = 10_000;

    private final JdbcData data;
    private final TenantId tenant;
    private final Instant from;
    private final Instant to;
    private final Running running;

    SampleRun(JdbcData data, TenantId tenant, Instant from, Instant to, Running running) {
        this.data = data;
        this.tenant = tenant;
        this.from = from;
        this.to = to;
        this.running = running;
    }

    /**
     * Hands on the samples of the slots, each of one stored series.
     *
     * @param read most of each that are read
     * @param shown most of each that are handed on
     */
    void samples(List<Slot> slots, long read, @Nullable Thinning thinning, int shown, SeriesSink sink) {
        var collector = new Object() {
            private final Set<Integer> seen = new HashSet<>();
            private int current = -1;
            private int taken;
            private long[] micros = new long[64];
            private double[] values = new double[64];
            private int size;

            void take(int index, long time, double value) {
                if (index != current) {
                    flush();
                    current = index;
                    taken = 0;
                }
                if (taken++ >= read) {
                    sink.truncated();
                    return;
                }
                if (size == micros.length) {
                    micros = Arrays.copyOf(micros, size * 2);
                    values = Arrays.copyOf(values, size * 2);
                }
                micros[size] = time;
                values[size++] = value;
                if (size == CHUNK && sink.streams() && thinning == null) {
                    flush();
                }
            }

            void flush() {
                if (size > 0) {
                    seen.add(current);
                    int[] chosen = thinning == null ? null : thinning.of(micros, values, size, shown);
                    sink.series(chosen == null ? all(slots.get(current)) : these(slots.get(current), chosen));
                }
                size = 0;
            }

            private SeriesData all(Slot slot) {
                return raw(slot, Arrays.copyOf(micros, size), Arrays.copyOf(values, size), null);
            }

            private SeriesData these(Slot slot, int[] chosen) {
                long[] times = new long[chosen.length];
                double[] kept = new double[chosen.length];
                for (int i = 0; i < chosen.length; i++) {
                    times[i] = micros[chosen[i]];
                    kept[i] = values[chosen[i]];
                }
                return raw(slot, times, kept, null);
            }
        };
        data.raw(tenant, stored(slots), from, to, read, running, collector::take);
        collector.flush();
        for (int i = 0; i < slots.size(); i++) {
            if (!collector.seen.contains(i)) {
                sink.series(raw(slots.get(i), new long[0], new double[0], null));
            }
        }
    }

    /** Hands on up to {@code most} states of each slot, each of one stored series. */
    void states(List<Slot> slots, int most, SeriesSink sink) {
        List<List<String>> texts = new ArrayList<>();
        List<List<Long>> times = new ArrayList<>();
        slots.forEach(slot -> {
            texts.add(new ArrayList<>());
            times.add(new ArrayList<>());
        });
        data.states(tenant, stored(slots), from, to, most, false, running, (index, micros, text) -> {
            if (texts.get(index).size() < most) {
                texts.get(index).add(text);
                times.get(index).add(micros);
            } else {
                sink.truncated();
            }
        });
        for (int i = 0; i < slots.size(); i++) {
            long[] micros = times.get(i).stream().mapToLong(Long::longValue).toArray();
            sink.series(raw(slots.get(i), micros, null, texts.get(i).toArray(String[]::new)));
        }
    }

    private static List<StoredSeries> stored(List<Slot> slots) {
        return slots.stream().map(slot -> slot.series().getFirst()).toList();
    }

    private static SeriesData raw(Slot slot, long[] micros, double @Nullable [] values, String @Nullable [] texts) {
        return new SeriesData(slot, Tier.RAW, micros, values, texts, new TreeMap<>(), Map.of());
    }
}
