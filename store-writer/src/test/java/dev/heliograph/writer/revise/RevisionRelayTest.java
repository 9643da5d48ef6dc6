package dev.heliograph.writer.revise;

import static dev.heliograph.writer.plan.TestRecords.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WindowRevisionRecord;
import dev.heliograph.storage.TestDatabase;
import dev.heliograph.writer.consume.BatchWriter;
import dev.heliograph.writer.consume.WriterMetrics;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.TestRecords;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.plan.WritePlan;
import dev.heliograph.writer.store.JdbcStore;
import dev.heliograph.writer.store.MetricRanges;
import dev.heliograph.writer.store.RepairSettings;
import dev.heliograph.writer.store.RevisionNotices;
import dev.heliograph.writer.store.SequenceLimits;
import dev.heliograph.writer.store.Store;
import dev.heliograph.writer.store.StoreFailure;
import dev.heliograph.writer.store.Tables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a repair or a correction in a real database to what viewers are told. */
class RevisionRelayTest {
    private static final int MOST_WINDOWS = 6;

    private final DataSource database = TestDatabase.postgres();
    private final Tables tables = new Tables(database);
    private final TestRecords topic = new TestRecords();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RevisionNotices notices = new RevisionNotices(MOST_WINDOWS);
    private final Store store = new JdbcStore(
            database,
            "test",
            1_000,
            new RepairSettings(50, 10_000),
            SequenceLimits.DEFAULT,
            new MetricRanges(database),
            notices);
    private final List<WindowRevisionRecord> told = new ArrayList<>();
    private boolean away;
    private @Nullable RuntimeException fault;
    private final RevisionRelay relay = relay(1_000, meters);

    private RevisionRelay relay(long mostWaiting, SimpleMeterRegistry meters) {
        return new RevisionRelay(
                database,
                notices,
                new RevisionTopic() {
                    @Override
                    public boolean publish(List<WindowRevisionRecord> revisions) {
                        if (fault != null) {
                            throw fault;
                        }
                        told.addAll(revisions);
                        return !away;
                    }

                    @Override
                    public void close() {
                        // holds nothing
                    }
                },
                Duration.ofMillis(10),
                mostWaiting,
                Clock.systemUTC(),
                meters);
    }

    @Test
    void givenARepairedWindow_whenRelayed_thenItIsToldOnceAsItIsStored() throws Exception {
        apply(topic.number("boiler-1", "temperature", 0, 10)
                .window("boiler-1", "temperature", "10s", 0, "final", 3, 1, 10)
                .number("boiler-1", "temperature", 5, 30)
                .repair("boiler-1", "temperature", "10s", 0, 1)
                .take());

        assertThat(relay.relayOnce()).isFalse();
        relay.relayOnce();

        assertThat(told).hasSize(1);
        WindowRevisionRecord revision = told.getFirst();
        assertThat(List.of(revision.tenant(), revision.device(), revision.metric()))
                .containsExactly("demo", "boiler-1", "temperature");
        assertThat(List.of(revision.from(), revision.to())).containsExactly(at(0), at(10));
        WindowRecord window = windowsOf(revision).getFirst();
        assertThat(List.of(window.size(), window.phase())).containsExactly("10s", "revised");
        assertThat(window.rev()).isEqualTo(4);
        assertThat(List.of(window.sum(), window.min(), window.max(), window.m2()))
                .containsExactly(40.0, 10.0, 30.0, 200.0);
        assertThat(tables.number("SELECT count(*) FROM revision_notice")).isZero();
        assertThat(meters.get("heliograph.writer.revisions.told").counter().count())
                .isEqualTo(1);
    }

    @Test
    void givenARepairThatSaysNothingNew_whenWritten_thenNobodyIsTold() throws Exception {
        apply(topic.past("boiler-1", "temperature", 0, 10).take());
        relay.relayOnce();
        told.clear();
        apply(topic.repair("boiler-1", "temperature", "10s", 0, 0).take());

        relay.relayOnce();

        assertThat(told).isEmpty();
    }

    @Test
    void givenAMonthOfHistory_whenRelayed_thenARangeIsToldAndNoWindow() throws Exception {
        for (int hour = 0; hour < 720; hour++) {
            topic.past("boiler-1", "temperature", -hour * 3_600.0, hour);
        }
        apply(topic.take());

        relay.relayOnce();

        assertThat(told).hasSize(1);
        assertThat(told.getFirst().windows()).isNull();
        assertThat(List.of(told.getFirst().from(), told.getFirst().to()))
                .containsExactly(at(-719 * 3_600.0), at(3_600));
    }

    @Test
    void givenKafkaAway_whenRelayed_thenItIsToldAgainUntilItIsKeptAndTheOldestGoPastTheBound() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RevisionRelay few = relay(2, meters);
        away = true;
        for (int day = 0; day < 4; day++) {
            apply(topic.past("boiler-1", "temperature", -day * 86_400.0, day).take());
            few.relayOnce();
        }
        assertThat(tables.number("SELECT count(*) FROM revision_notice")).isEqualTo(2);
        assertThat(meters.get("heliograph.writer.revisions.dropped").counter().count())
                .isEqualTo(2);
        assertThat(meters.get("heliograph.writer.revisions.waiting").gauge().value())
                .isEqualTo(2);
        told.clear();
        away = false;

        few.relayOnce();

        assertThat(told).extracting(WindowRevisionRecord::from).containsExactly(at(-3 * 86_400.0), at(-2 * 86_400.0));
        assertThat(meters.get("heliograph.writer.revisions.waiting").gauge().value())
                .isZero();
    }

    @Test
    void givenATransactionThatFailsAfterTelling_whenRelayedAgain_thenItIsToldTwiceAndNotLost() throws Exception {
        apply(topic.past("boiler-1", "temperature", 0, 1).take());
        tables.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'crashed'; END $$");
        tables.execute("CREATE TRIGGER crash BEFORE DELETE ON revision_notice FOR EACH ROW EXECUTE FUNCTION refuse()");
        assertThatThrownBy(relay::relayOnce).hasMessageContaining("crashed");
        tables.execute("DROP TRIGGER crash ON revision_notice");

        relay.relayOnce();

        assertThat(told).hasSize(2);
        assertThat(windowsOf(told.get(0)))
                .extracting(WindowRecord::rev)
                .isEqualTo(
                        windowsOf(told.get(1)).stream().map(WindowRecord::rev).toList());
        assertThat(tables.number("SELECT count(*) FROM revision_notice")).isZero();
    }

    @Test
    void givenAFaultWhileTelling_whenRelayed_thenTheNoticeShowsAsWaitingUntilItIsTold() throws Exception {
        apply(topic.past("boiler-1", "temperature", 0, 1).take());
        fault = new IllegalStateException("a record that cannot be encoded");
        assertThatThrownBy(relay::relayOnce).isSameAs(fault);
        double whileItFails =
                meters.get("heliograph.writer.revisions.waiting").gauge().value();
        fault = null;

        relay.relayOnce();

        assertThat(whileItFails).isEqualTo(1);
        assertThat(meters.get("heliograph.writer.revisions.waiting").gauge().value())
                .isZero();
    }

    @Test
    void givenAnotherRelayAtWork_whenRelayed_thenThisOneLeavesItAlone() throws Exception {
        apply(topic.past("boiler-1", "temperature", 0, 1).take());
        List<Integer> toldByTheOther = new ArrayList<>();
        RevisionRelay outer = new RevisionRelay(
                database,
                notices,
                new RevisionTopic() {
                    @Override
                    public boolean publish(List<WindowRevisionRecord> revisions) {
                        toldByTheOther.add(revisions.size());
                        try {
                            relay.relayOnce();
                        } catch (SQLException failure) {
                            throw new IllegalStateException(failure);
                        }
                        return true;
                    }

                    @Override
                    public void close() {
                        // holds nothing
                    }
                },
                Duration.ofMillis(10),
                10,
                Clock.systemUTC(),
                new SimpleMeterRegistry());

        outer.relayOnce();

        assertThat(toldByTheOther).containsExactly(1);
        assertThat(told).isEmpty();
    }

    /** A viewer that takes of each window the highest revision, and asks again where it is told to, holds what is stored. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void givenRandomHistoryAndCorrections_whenToldInWhateverPortions_thenAViewerEndsWithWhatIsStored(long seed)
            throws Exception {
        Random random = new Random(seed);
        Map<String, Held> viewer = new HashMap<>();
        for (int step = 0; step < 40; step++) {
            for (int i = random.nextInt(6); i > 0; i--) {
                double time = -random.nextInt(6) * 3_600.0 + random.nextInt(200);
                topic.past("boiler-1", random.nextBoolean() ? "temperature" : "load", time, random.nextInt(100));
            }
            if (random.nextInt(3) == 0) {
                double from = -random.nextInt(6) * 3_600.0;
                topic.correction(
                        "boiler-1",
                        random.nextBoolean() ? "temperature" : null,
                        "delete",
                        from,
                        from + 1 + random.nextInt(300),
                        null);
            }
            apply(topic.take());
            if (random.nextInt(3) > 0) {
                relay.relayOnce();
                take(viewer);
            }
        }
        relay.relayOnce();
        take(viewer);

        Map<String, String> stored = new HashMap<>();
        for (String size : List.of("10s", "1m", "1h")) {
            tables.rows("SELECT metric, (extract(epoch FROM start_at) * 1000000)::bigint, count, sum FROM window_"
                            + size + " JOIN series ON id = series_id")
                    .forEach(row -> {
                        String[] parts = row.split(" ");
                        stored.put(parts[0] + " " + size + " " + parts[1], parts[2] + " " + parts[3]);
                    });
        }
        assertThat(stored).isNotEmpty();
        Map<String, String> held = new HashMap<>();
        viewer.forEach((window, what) -> held.put(window, what.summary()));
        assertThat(held).isEqualTo(stored);
    }

    /** What a viewer knows of a window. */
    private record Held(int rev, String summary) {
        Held newer(Held other) {
            return other.rev > rev ? other : this;
        }
    }

    private void take(Map<String, Held> viewer) {
        for (WindowRevisionRecord revision : told) {
            List<WindowRecord> windows = revision.windows();
            if (windows == null) {
                askAgain(revision, viewer);
                continue;
            }
            for (WindowRecord window : windows) {
                viewer.merge(
                        window.metric() + " " + window.size() + " " + window.start(),
                        new Held(window.rev(), window.count() + " " + plain(window.sum())),
                        Held::newer);
            }
        }
        told.clear();
    }

    private void askAgain(WindowRevisionRecord revision, Map<String, Held> viewer) {
        for (String size : List.of("10s", "1m", "1h")) {
            long micros = size.equals("10s") ? 10_000_000L : size.equals("1m") ? 60_000_000L : 3_600_000_000L;
            viewer.keySet().removeIf(key -> {
                String[] parts = key.split(" ");
                long start = Long.parseLong(parts[2]);
                return parts[0].equals(revision.metric())
                        && parts[1].equals(size)
                        && start < revision.to()
                        && start + micros > revision.from();
            });
            tables.rows("SELECT (extract(epoch FROM start_at) * 1000000)::bigint, revision, count, sum FROM window_"
                            + size + " JOIN series ON id = series_id WHERE metric = '" + revision.metric() + "'")
                    .forEach(row -> {
                        String[] parts = row.split(" ");
                        long start = Long.parseLong(parts[0]);
                        if (start < revision.to() && start + micros > revision.from()) {
                            viewer.put(
                                    revision.metric() + " " + size + " " + start,
                                    new Held(Integer.parseInt(parts[1]), parts[2] + " " + parts[3]));
                        }
                    });
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    private static List<WindowRecord> windowsOf(WindowRevisionRecord revision) {
        return Objects.requireNonNull(revision.windows());
    }

    private void apply(List<TopicRecord> records) throws StoreFailure {
        BatchWriter writer = new BatchWriter(store, new WriterMetrics(new SimpleMeterRegistry()));
        TreeSet<Place> places = new TreeSet<>();
        records.forEach(record -> places.add(record.place()));
        store.positions(places).forEach(writer::position);
        writer.write(records);
        Place readings = new Place(Topics.READINGS, 0);
        long next = store.positions(List.of(readings)).get(readings);
        WritePlan more = WritePlan.moving(List.of(new Advance(readings, next, next)));
        while (store.write(more).repairsLeft()) {
            // until every window is made anew
        }
    }
}
