package dev.heliograph.writer.store;

import static dev.heliograph.writer.plan.TestRecords.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.testing.WireGolden;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.writer.consume.BatchWriter;
import dev.heliograph.writer.consume.WriterMetrics;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.Planner;
import dev.heliograph.writer.plan.TestRecords;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.plan.Verdicts;
import dev.heliograph.writer.plan.WritePlan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database under the store must do. */
abstract class StoreContract {
    private static final String ALERT = "00000000-0000-4000-8000-0000000000aa";
    /** Golden records of the device boiler-7, and the topics that hold them. */
    private static final Map<String, String> GOLDEN = new TreeMap<>(Map.of(
            "reading", Topics.READINGS,
            "reading-units", Topics.READINGS,
            "window", Topics.WINDOWS,
            "window-sketch", Topics.WINDOWS,
            "presence", Topics.PRESENCE,
            "alert-transition", Topics.ALERT_TRANSITIONS,
            "quarantine", Topics.QUARANTINE,
            "ledger-claim", Topics.LEDGER));

    private DataSource database;
    private Store store;
    private Tables tables;
    private final TestRecords topic = new TestRecords();

    /** A fresh, migrated database. */
    abstract DataSource database();

    /** What happens to rows between two transactions. */
    void settle(DataSource anyDatabase) {}

    @BeforeEach
    void open() {
        database = database();
        store = settling(new JdbcStore(database, "test", 1_000));
        tables = new Tables(database);
    }

    @Test
    void givenReadings_whenWritten_thenRowsOffsetsLatestAndLedgerAreThere() throws StoreFailure {
        topic.number("boiler-1", "temperature", 0, 21.5)
                .number("boiler-1", "temperature", 10, 22.5)
                .reading("boiler-1", 11, 12, flag("running", true), text("mode", "heating"));

        WriteOutcome outcome = write(topic.take());

        assertThat(outcome.rows("measurement")).isEqualTo(3);
        assertThat(measurements())
                .containsExactly(
                        "running 1795435211000000 1",
                        "temperature 1795435200000000 21.5",
                        "temperature 1795435210000000 22.5");
        assertThat(tables.rows("SELECT value FROM state_change")).containsExactly("heating");
        assertThat(tables.rows("SELECT metric, value, text FROM latest JOIN series ON id = series_id ORDER BY metric"))
                .containsExactly("mode null heating", "running 1 null", "temperature 22.5 null");
        assertThat(tables.rows("SELECT name, kind FROM metric ORDER BY name"))
                .containsExactly("mode state", "running boolean", "temperature number");
        assertThat(tables.rows("SELECT topic, partition, next_offset FROM consumer_offset"))
                .containsExactly("readings 0 3");
        assertThat(ledger()).isEqualTo("4 4 0 0");
    }

    @Test
    void givenReadingsThatSayWhereTheyWereTaken_whenWritten_thenTheNewestPlaceByTimeIsKept() throws StoreFailure {
        topic.located("truck-1", 20, new Location(48.2, 16.4, 171.5))
                .located("truck-1", 30, new Location(48.3, 16.5, null))
                .located("truck-1", 25, new Location(1, 1, null))
                .located("truck-2", 5, new Location(-90, 180, 0.0))
                .number("boiler-1", "temperature", 1, 2);
        write(topic.take());
        topic.located("truck-1", 10, new Location(2, 2, null))
                .number("truck-1", "temperature", 40, 1)
                .located("truck-2", 6, new Location(-89.5, -180, 1.0));
        write(topic.take());

        assertThat(tables.rows(
                        "SELECT device, extract(epoch FROM ts)::bigint - 1795435200, latitude, longitude, altitude"
                                + " FROM device_position ORDER BY device"))
                .containsExactly("truck-1 30 48.3 16.5 null", "truck-2 6 -89.5 -180 1");
    }

    @Test
    void givenUnitsThatDevicesName_whenWritten_thenTheyFillOnlyWhatNobodyHasSaid() throws StoreFailure {
        topic.number("boiler-1", "temperature", 0, 21)
                .number("boiler-1", "cleared", 0, 1)
                .number("boiler-1", "said", 0, 1);
        write(topic.take());
        tables.execute("UPDATE metric SET unit = NULL, unit_source = 'person' WHERE name = 'cleared'");
        tables.execute("UPDATE metric SET unit = 'bar', unit_source = 'person' WHERE name = 'said'");

        topic.reading("boiler-1", 1, 2, in("temperature", 21, "°C"), in("cleared", 1, "m"), in("said", 1, "Pa"))
                .reading("boiler-2", 1, 2, in("temperature", 70, "°F"), in("fresh", 1, "%"));
        write(topic.take());

        assertThat(tables.rows("SELECT name, unit, unit_source FROM metric ORDER BY name"))
                .containsExactly("cleared null person", "fresh % device", "said bar person", "temperature °C device");
        assertThat(tables.number("SELECT count(*) FROM schema_change")).isZero();
    }

    @Test
    void givenMetricsThatAreNotWhatTheyWere_whenWritten_thenTheChangeIsCountedAndTheSampleKept() throws StoreFailure {
        topic.reading("boiler-1", 0, 1, in("temperature", 21, "°C"), in("load", 5, null));
        write(topic.take());

        topic.changed("boiler-1", 1, in("temperature", 70, "°F"), text("load", "high"))
                .changed("boiler-1", 2, in("temperature", 71, "°F"), in("load", 5, null))
                .changed("boiler-1", 3, in("temperature", 21, "°C"), in("load", 5, null));
        write(topic.take());
        topic.changed("boiler-1", 4, in("temperature", 72, "°F"));
        write(topic.take());

        assertThat(tables.rows("SELECT metric, kind, unit, catalogue_kind, catalogue_unit, times FROM schema_change"
                        + " ORDER BY metric"))
                .containsExactly("load state  number null 1", "temperature number °F number °C 3");
        assertThat(tables.number(
                        "SELECT count(*) FROM measurement JOIN series ON id = series_id WHERE metric = 'temperature'"))
                .isEqualTo(5);
        assertThat(tables.rows("SELECT value FROM state_change")).containsExactly("high");
    }

    @Test
    void givenBatches_whenRangesAreFlushed_thenTheyHoldWhatWasStoredAndNothingWasWrittenBefore() throws Exception {
        MetricRanges ranges = new MetricRanges(database);
        store = settling(new JdbcStore(
                database,
                "test",
                1_000,
                RepairSettings.DEFAULT,
                SequenceLimits.DEFAULT,
                ranges,
                new RevisionNotices()));
        topic.number("boiler-1", "temperature", 10, 21.5)
                .number("boiler-2", "temperature", 20, -4)
                .number("boiler-1", "load", 5, 7);
        write(topic.take());
        assertThat(tables.number("SELECT count(*) FROM metric_range")).isZero();

        ranges.flush();
        topic.number("boiler-2", "temperature", 1, 30).number("boiler-1", "load", 6, 6.5);
        write(topic.take());
        ranges.flush();
        tables.execute("UPDATE metric_range SET min = 1 WHERE metric = 'load'");
        ranges.flush();

        assertThat(tables.rows("SELECT tenant, metric, min, max, extract(epoch FROM first_ts)::bigint - 1795435200"
                        + " FROM metric_range ORDER BY metric"))
                .as("a range that another writer widened is not narrowed, and what did not grow is not written")
                .containsExactly("demo load 1 7 5", "demo temperature -4 30 1");
    }

    private Store settling(Store inner) {
        return new SettlingStore(inner, () -> settle(database));
    }

    private static Sample in(String metric, double value, @Nullable String unit) {
        return new Sample.Measurement(new MetricName(metric), value, unit);
    }

    @Test
    void givenManyReadings_whenCopied_thenTimesAndValuesAreExact() throws StoreFailure {
        for (int i = 0; i < 500; i++) {
            topic.number("boiler-" + i % 7, "temperature", i + 0.123457, Math.PI * i);
        }

        write(topic.take());

        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(500);
        assertThat(measurements()).contains("temperature " + at(499.123457) + " " + Math.PI * 499);
        assertThat(ledger()).isEqualTo("500 500 0 0");
    }

    @Test
    void givenDuplicateInBatchAndInStore_whenWritten_thenCountedAndStoredOnce() throws StoreFailure {
        topic.number("boiler-1", "temperature", 0, 21.5).number("boiler-1", "temperature", 0, 21.5);
        write(topic.take());
        for (int i = 0; i < 200; i++) {
            topic.number("boiler-1", "temperature", i, 21.5);
        }

        WriteOutcome outcome = write(topic.take());

        assertThat(outcome.duplicates()).isEqualTo(1);
        assertThat(outcome.rows("measurement")).isEqualTo(199);
        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(200);
        assertThat(ledger()).isEqualTo("202 200 2 0");
    }

    @Test
    void givenOtherValueOfSameIdentity_whenWritten_thenFirstStaysAndOtherIsQuarantined() throws StoreFailure {
        topic.number("boiler-1", "temperature", 0, 21.5).reading("boiler-1", 0, 1, text("mode", "heating"));
        write(topic.take());
        topic.number("boiler-1", "temperature", 0, 99)
                .reading("boiler-1", 0, 1, text("mode", "off"))
                .number("boiler-2", "temperature", 0, 1)
                .number("boiler-2", "temperature", 0, 2);

        WriteOutcome outcome = write(topic.take());

        assertThat(outcome.conflicts()).isEqualTo(3);
        assertThat(tables.rows("SELECT value FROM measurement ORDER BY value")).containsExactly("1", "21.5");
        assertThat(tables.rows("SELECT value FROM state_change")).containsExactly("heating");
        assertThat(tables.rows("SELECT device, metric, reason FROM quarantine ORDER BY device, metric"))
                .containsExactly(
                        "boiler-1 mode CONFLICT", "boiler-1 temperature CONFLICT", "boiler-2 temperature CONFLICT");
        assertThat(ledger()).isEqualTo("6 3 0 3");
    }

    @Test
    void givenConflictAheadOfItsDuplicateInOneBatch_whenWritten_thenBothAreJudgedByWhatIsStored() throws StoreFailure {
        write(topic.number("boiler-1", "temperature", 0, 15)
                .reading("boiler-1", 0, 1, text("mode", "heating"))
                .take());

        write(topic.number("boiler-1", "temperature", 0, 99)
                .number("boiler-1", "temperature", 0, 15)
                .reading("boiler-1", 0, 1, text("mode", "off"))
                .reading("boiler-1", 0, 1, text("mode", "heating"))
                .take());

        assertThat(tables.rows("SELECT metric, reason FROM quarantine ORDER BY metric"))
                .containsExactly("mode CONFLICT", "temperature CONFLICT");
        assertThat(ledger()).isEqualTo("6 2 2 2");
    }

    @Test
    void givenOlderReading_whenWrittenLater_thenLatestDoesNotGoBack() throws StoreFailure {
        write(topic.number("boiler-1", "temperature", 60, 30).take());

        write(topic.number("boiler-1", "temperature", 0, 10).take());

        assertThat(tables.rows("SELECT value FROM latest")).containsExactly("30");
        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(2);
    }

    @Test
    void givenPartitionMovedByAnother_whenWritten_thenFencedAndNothingIsWritten() throws StoreFailure {
        topic.number("boiler-1", "temperature", 0, 1).number("boiler-1", "temperature", 1, 2);
        List<TopicRecord> batch = topic.take();
        Map<Place, Long> zombie = store.positions(List.of(new Place(Topics.READINGS, 0)));
        WritePlan late = Planner.plan(batch, zombie, Verdicts.NONE);
        write(batch.subList(0, 1));

        assertThatThrownBy(() -> store.write(late)).isInstanceOf(StoreFailure.Fenced.class);

        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(1);
        assertThat(ledger()).isEqualTo("1 1 0 0");
    }

    @Test
    void givenAServerThatNeverGotTheLastCommits_whenItTakesOver_thenNoSeriesIsTakenForAnother() throws StoreFailure {
        write(topic.number("boiler-1", "temperature", 0, 1).take());
        // The id of the series, which was lost with its commit, has gone to another one.
        tables.execute("UPDATE series SET device = 'boiler-2'");
        tables.execute("DELETE FROM measurement");

        write(topic.number("boiler-1", "temperature", 1, 2).take());

        assertThat(tables.rows("SELECT device, value FROM measurement JOIN series ON id = series_id"))
                .containsExactly("boiler-1 2");
    }

    @Test
    void givenWindows_whenWrittenInAnyOrder_thenOnlyMoreOrLaterReplaces() throws StoreFailure {
        write(topic.window("boiler-1", "temperature", "10s", 0, "early", 0, 3, 20)
                .take());
        write(topic.window("boiler-1", "temperature", "10s", 0, "final", 0, 10, 21)
                .window("boiler-1", "temperature", "1m", 0, "final", 0, 60, 22)
                .take());
        write(topic.window("boiler-1", "temperature", "10s", 0, "early", 0, 9, 5)
                .take());
        assertThat(tables.rows("SELECT phase, revision, count, mean FROM window_10s"))
                .containsExactly("1 0 10 21");

        write(topic.window("boiler-1", "temperature", "10s", 0, "revised", 1, 11, 23)
                .window("boiler-1", "temperature", "10s", 0, "final", 0, 10, 21)
                .take());

        assertThat(tables.rows("SELECT phase, revision, count, mean FROM window_10s"))
                .containsExactly("2 1 11 23");
        assertThat(tables.rows("SELECT phase, revision, count, mean FROM window_1m"))
                .containsExactly("1 0 60 22");
    }

    @Test
    void givenAnHourWithASketch_whenWritten_thenBothAreKept() throws StoreFailure {
        byte[] sketch = QuantileSketch.of(new double[] {1, 2, 3}, 0, 3).toBytes();

        write(topic.hour("boiler-1", "temperature", 0, sketch, 3, 2)
                .window("boiler-1", "temperature", "1m", 0, "final", 0, 3, 2)
                .take());

        assertThat(tables.rows("SELECT phase, count, mean, encode(sketch, 'hex') FROM window_1h"))
                .containsExactly("1 3 2 " + HexFormat.of().formatHex(sketch));
        assertThat(tables.rows("SELECT count, sketch FROM window_1m")).containsExactly("3 null");
    }

    @Test
    void givenRepairAheadOfItsReading_whenReadingIsStored_thenWindowIsRecomputed() throws StoreFailure {
        write(topic.number("boiler-1", "temperature", 0, 10)
                .number("boiler-1", "temperature", 9, 20)
                .number("boiler-1", "temperature", 10, 99)
                .window("boiler-1", "temperature", "10s", 0, "final", 0, 2, 15)
                .take());

        write(topic.repair("boiler-1", "temperature", "10s", 0, 3)
                .repair("boiler-1", "temperature", "1m", 0, 3)
                .take());
        assertThat(tables.number("SELECT count(*) FROM window_repair")).isEqualTo(2);
        write(topic.number("boiler-1", "temperature", 5, 30).take());

        assertThat(tables.number("SELECT count(*) FROM window_repair")).isZero();
        assertThat(tables.rows("SELECT phase, revision, count, sum, min, max, first, last, mean, m2 FROM window_10s"))
                .containsExactly("2 1 3 60 10 30 10 20 20 200");
        assertThat(tables.rows("SELECT phase, revision, count, max FROM window_1m"))
                .containsExactly("2 1 4 99");
    }

    @Test
    void givenHistory_whenWritten_thenItsWindowsOfAllSizesAreThereAndLatestStaysTheNewest() throws StoreFailure {
        double yearsAgo = -11 * 365 * 86_400.0;
        write(topic.number("boiler-1", "temperature", 0, 21).take());

        write(topic.past("boiler-1", "temperature", yearsAgo, 10)
                .past("boiler-1", "temperature", yearsAgo + 9, 20)
                .past("boiler-1", "temperature", yearsAgo + 61, 60)
                .past("boiler-1", "temperature", yearsAgo, 10)
                .take());

        assertThat(tables.rows("SELECT count, sum, mean FROM window_10s ORDER BY start_at"))
                .containsExactly("2 30 15", "1 60 60");
        assertThat(tables.rows("SELECT count, sum FROM window_1m ORDER BY start_at"))
                .containsExactly("2 30", "1 60");
        assertThat(tables.rows("SELECT count, min, max FROM window_1h")).containsExactly("3 10 60");
        assertThat(tables.rows("SELECT value FROM latest")).containsExactly("21");
        assertThat(tables.number("SELECT count(*) FROM window_repair")).isZero();
        assertThat(tables.rows("SELECT sum(received), sum(stored), sum(duplicate) FROM ledger"))
                .containsExactly("5 4 1");
    }

    @Test
    void givenManyRepairs_whenOneTransactionMayDoFew_thenTheNextOnesGoOnUntilNoneIsLeft() throws StoreFailure {
        store = settling(new JdbcStore(
                database,
                "test",
                1_000,
                new RepairSettings(3, 1_000),
                SequenceLimits.DEFAULT,
                new MetricRanges(database),
                new RevisionNotices()));
        for (int minute = 0; minute < 10; minute++) {
            topic.number("boiler-1", "temperature", minute * 60, minute);
        }
        write(topic.take());
        for (int minute = 0; minute < 10; minute++) {
            topic.repair("boiler-1", "temperature", "1m", minute * 60, 9);
        }

        WriteOutcome first =
                write(topic.repair("boiler-1", "temperature", "1h", 0, 9).take());
        List<Boolean> left = new ArrayList<>(List.of(first.repairsLeft()));
        while (left.getLast()) {
            left.add(goOn().repairsLeft());
        }

        assertThat(left).containsExactly(true, true, true, false);
        assertThat(tables.number("SELECT count(*) FROM window_repair")).isZero();
        assertThat(tables.number("SELECT count(*) FROM window_1m WHERE phase = 2"))
                .isEqualTo(10);
        assertThat(tables.rows("SELECT phase, count, sum, m2 FROM window_1h")).containsExactly("2 10 45 82.5");
    }

    @Test
    void givenRepairsOfManyMeasurements_whenEnoughIsRead_thenTheOthersWait() throws StoreFailure {
        store = settling(new JdbcStore(
                database,
                "test",
                1_000,
                new RepairSettings(100, 5),
                SequenceLimits.DEFAULT,
                new MetricRanges(database),
                new RevisionNotices()));
        for (int second = 0; second < 7_200; second += 600) {
            topic.number("boiler-1", "temperature", second, second);
        }
        write(topic.take());

        WriteOutcome outcome = write(topic.repair("boiler-1", "temperature", "1h", 0, 11)
                .repair("boiler-1", "temperature", "1h", 3_600, 11)
                .take());

        assertThat(outcome.repairsLeft()).isTrue();
        assertThat(goOn().repairsLeft()).isFalse();
        assertThat(tables.rows("SELECT count, min, max FROM window_1h ORDER BY start_at"))
                .containsExactly("6 0 3000", "6 3600 6600");
    }

    @Test
    void givenARepair_whenItSaysNothingNew_thenTheRowStaysButAnEarlyOneIsClosed() throws StoreFailure {
        write(topic.number("boiler-1", "temperature", 0, 10)
                .number("boiler-1", "temperature", 70, 10)
                .window("boiler-1", "temperature", "1m", 0, "final", 0, 1, 10)
                .window("boiler-1", "temperature", "1m", 60, "early", 0, 1, 10)
                .take());
        tables.execute("UPDATE window_1m SET first_ts = start_at, last_ts = start_at");
        tables.execute(
                "UPDATE window_1m SET first_ts = start_at + interval '10 s', last_ts = start_at + interval '10 s'"
                        + " WHERE phase = 0");

        write(topic.repair("boiler-1", "temperature", "1m", 0, 1)
                .repair("boiler-1", "temperature", "1m", 60, 1)
                .take());

        assertThat(tables.rows("SELECT phase, revision FROM window_1m ORDER BY start_at"))
                .containsExactly("1 0", "2 1");
    }

    @Test
    void givenADeletion_whenApplied_thenRowsWindowsAndLatestOfItsRangeAreGoneAndWhatComesLaterIsNot()
            throws StoreFailure {
        for (int second = 0; second < 200; second++) {
            topic.number("boiler-1", "temperature", second, second).number("boiler-1", "other", second, second);
        }
        topic.reading("boiler-1", 150, 151, text("mode", "heating"))
                .window("boiler-1", "temperature", "10s", 100, "final", 0, 10, 104.5)
                .window("boiler-1", "temperature", "1m", 60, "final", 0, 60, 89.5);
        apply(topic.take());

        apply(topic.correction("boiler-1", "temperature", "delete", 95, 199.5, null)
                .number("boiler-1", "temperature", 120, 7)
                .take());
        // Told before the stream knew of the deletion, and read after it was applied.
        apply(topic.window("boiler-1", "temperature", "10s", 100, "revised", 1, 10, 104.5)
                .take());

        assertThat(tables.rows("SELECT count(*), max(ts) = (SELECT ts FROM latest WHERE series_id = m.series_id) FROM"
                        + " measurement m JOIN series s ON s.id = m.series_id WHERE metric = 'temperature'"
                        + " GROUP BY series_id"))
                .containsExactly("96 t");
        assertThat(tables.rows("SELECT value FROM latest JOIN series ON id = series_id WHERE metric = 'temperature'"))
                .containsExactly("7");
        assertThat(tables.rows("SELECT count, sum FROM window_10s JOIN series ON id = series_id "
                        + "WHERE metric = 'temperature' ORDER BY start_at"))
                .containsExactly("5 460");
        assertThat(tables.rows(
                        "SELECT count FROM window_1h JOIN series ON id = series_id WHERE metric = 'temperature'"))
                .containsExactly("96");
        assertThat(tables.rows("SELECT status, before_rows, after_rows, finished_at IS NOT NULL FROM correction"))
                .containsExactly("done 105 0 t");
        assertThat(tables.rows("SELECT actor, action, target, detail->>'beforeRows', detail->>'reason' FROM audit"))
                .containsExactly("olga data.delete boiler-1 105 sensor was drifting");
        assertThat(tables.number(
                        "SELECT count(*) FROM measurement JOIN series ON id = series_id WHERE metric = 'other'"))
                .isEqualTo(200);
        assertThat(ledger()).isEqualTo("402 402 0 0");
    }

    @Test
    void givenADeletionOfAllMetrics_whenApplied_thenStatesGoAsWell() throws StoreFailure {
        apply(topic.number("boiler-1", "temperature", 0, 1)
                .reading("boiler-1", 1, 2, text("mode", "heating"))
                .number("boiler-2", "temperature", 0, 1)
                .correction("boiler-1", null, "delete", 0, 3_600, null)
                .take());

        assertThat(tables.rows("SELECT device FROM measurement JOIN series ON id = series_id"))
                .containsExactly("boiler-2");
        assertThat(tables.number("SELECT count(*) FROM state_change")).isZero();
        assertThat(tables.number("SELECT count(*) FROM latest")).isEqualTo(1);
    }

    @Test
    void givenCorrections_whenApplied_thenValuesWindowsAndLatestFollow() throws StoreFailure {
        for (int second = 0; second < 10; second++) {
            topic.past("boiler-1", "temperature", second, second);
        }
        apply(topic.correction("boiler-1", "temperature", "scale", 0, 5, 10.0)
                .correction("boiler-1", "temperature", "offset", 3, 10, 1.0)
                .correction("boiler-1", "temperature", "set", 9, 10, 100.0)
                .correction("boiler-1", "temperature", "points", 2, 30, null, point(2, -1), point(25, 50))
                .take());

        assertThat(tables.rows("SELECT value FROM measurement ORDER BY ts"))
                .containsExactly("0", "10", "-1", "31", "41", "6", "7", "8", "9", "100", "50");
        assertThat(tables.rows("SELECT count, sum, min, max FROM window_10s ORDER BY start_at"))
                .containsExactly("10 211 -1 100", "1 50 50 50");
        assertThat(tables.rows("SELECT count, sum FROM window_1h")).containsExactly("11 261");
        assertThat(tables.rows("SELECT value FROM latest")).containsExactly("50");
        assertThat(tables.rows("SELECT action, status, before_rows, after_rows FROM correction ORDER BY source_offset"))
                .containsExactly("scale done 5 5", "offset done 7 7", "set done 1 1", "points done 8 9");
        assertThat(tables.number("SELECT count(*) FROM correction WHERE before_fingerprint = after_fingerprint"))
                .isZero();
    }

    @Test
    void givenAWindowThatWasRevised_whenItsSamplesAreCorrected_thenItsRevisionGoesOnRising() throws StoreFailure {
        apply(topic.number("boiler-1", "temperature", 0, 1)
                .window("boiler-1", "temperature", "10s", 0, "revised", 6, 1, 1)
                .take());
        assertThat(tables.rows("SELECT revision FROM window_10s")).containsExactly("6");

        apply(topic.correction("boiler-1", "temperature", "offset", 0, 5, 1.0).take());

        assertThat(tables.rows("SELECT phase, revision, sum FROM window_10s")).containsExactly("2 7 2");
        assertThat(tables.rows("SELECT from_us = " + at(0) + ", windows FROM revision_notice ORDER BY id"))
                .containsExactly("t null", "t 10s/" + at(0) + " 1m/" + at(0) + " 1h/" + at(0));
    }

    @Test
    void givenACorrectionThatTheDatabaseRefuses_whenApplied_thenItFailsAndTheNextGoesOn() throws StoreFailure {
        apply(topic.number("boiler-1", "temperature", 0, 1e300)
                .correction("boiler-1", "temperature", "scale", 0, 10, 1e300)
                .number("boiler-1", "temperature", 1, 2)
                .take());

        assertThat(tables.rows("SELECT status, failure IS NOT NULL FROM correction"))
                .containsExactly("failed t");
        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(2);
    }

    @Test
    void givenAMalformedCorrection_whenRead_thenItIsSetAside() throws StoreFailure {
        apply(topic.correction("boiler-1", "temperature", "offset", 0, 10, null).take());

        assertThat(tables.rows("SELECT reason FROM quarantine")).containsExactly("POISON");
        assertThat(tables.number("SELECT count(*) FROM correction")).isZero();
    }

    @Test
    void givenManySamples_whenDeleted_thenItTakesSeveralStepsAndNothingOfTheRangeIsLeft() throws StoreFailure {
        for (int i = 0; i < 30_000; i++) {
            topic.past("boiler-1", "temperature", i * 2, i);
        }
        apply(topic.take());
        apply(topic.correction("boiler-1", "temperature", "delete", 0, 50_000, null)
                .take());

        assertThat(tables.rows("SELECT status, before_rows FROM correction")).containsExactly("done 25000");
        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(5_000);
        assertThat(tables.number("SELECT sum(count) FROM window_1h")).isEqualTo(5_000);
        assertThat(tables.number("SELECT sum(count) FROM window_10s")).isEqualTo(5_000);
    }

    @Test
    void givenHistoryOfAnHourThatRuns_whenWritten_thenItsHourStaysEarly() throws StoreFailure {
        double now = (System.currentTimeMillis() * 1_000L - TestRecords.NOON) / 1e6;

        write(topic.past("boiler-1", "temperature", now, 20)
                .past("boiler-1", "temperature", now - 7_200, 10)
                .take());

        assertThat(tables.rows("SELECT phase, count, sum FROM window_1h ORDER BY start_at"))
                .containsExactly("2 1 10", "0 1 20");
    }

    @Test
    void givenAnHourThatRuns_whenItsMinuteIsRepaired_thenItIsMadeOfItsClosedMinutes() throws StoreFailure {
        double hour = anHourThatIsNotOver();
        // The hour as it was told before a late sample came for its first minute, which the stream had let go.
        topic.number("boiler-1", "temperature", hour + 1, 10)
                .number("boiler-1", "temperature", hour + 61, 30)
                .window("boiler-1", "temperature", "1m", hour, "final", 0, 1, 10)
                .window("boiler-1", "temperature", "1h", hour, "early", 0, 1, 10);
        write(topic.take());
        topic.number("boiler-1", "temperature", hour + 2, 20)
                .number("boiler-1", "temperature", hour + 121, 99)
                .window("boiler-1", "temperature", "1m", hour + 60, "final", 0, 1, 30)
                .window("boiler-1", "temperature", "1m", hour + 120, "early", 0, 1, 99);

        write(topic.repair("boiler-1", "temperature", "1h", hour, 2)
                .repair("boiler-1", "temperature", "1m", hour, 2)
                .take());

        assertThat(tables.rows(
                        "SELECT phase, count, sum, min, max, first, last, mean, m2, sketch IS NULL FROM window_1h"))
                .containsExactly("0 3 60 10 30 10 30 20 200 t");
        assertThat(tables.rows("SELECT due_at - start_at FROM window_repair")).containsExactly("01:05:00");
    }

    @Test
    void givenAnHourThatWasRepairedWhileItRan_whenItIsOver_thenItIsRecomputedThoughNobodyAsks() throws StoreFailure {
        double hour = anHourThatIsNotOver();
        topic.number("boiler-1", "temperature", hour + 1, 10)
                .number("boiler-1", "temperature", hour + 61, 30)
                .window("boiler-1", "temperature", "1m", hour, "final", 0, 1, 10);
        write(topic.repair("boiler-1", "temperature", "1h", hour, 1).take());
        assertThat(tables.rows("SELECT phase, count FROM window_1h")).containsExactly("0 1");

        assertThat(goOn().repairsLeft()).isFalse();
        assertThat(tables.rows("SELECT phase, count FROM window_1h")).containsExactly("0 1");
        tables.execute("UPDATE measurement SET ts = ts - interval '3 hours'");
        tables.execute("UPDATE window_1h SET start_at = start_at - interval '3 hours'");
        tables.execute("UPDATE window_repair SET start_at = start_at - interval '3 hours',"
                + " due_at = due_at - interval '3 hours'");
        goOn();

        assertThat(tables.rows("SELECT phase, count, sum FROM window_1h")).containsExactly("2 2 40");
        assertThat(tables.number("SELECT count(*) FROM window_repair")).isZero();
    }

    @Test
    void givenAnHourThatWaitsForItsEnd_whenItIsAskedForAgain_thenItIsMadeAgainAtOnce() throws StoreFailure {
        double hour = anHourThatIsNotOver();
        topic.number("boiler-1", "temperature", hour + 1, 10)
                .window("boiler-1", "temperature", "1m", hour, "final", 0, 1, 10);
        write(topic.repair("boiler-1", "temperature", "1h", hour, 0).take());

        write(topic.number("boiler-1", "temperature", hour + 61, 30)
                .window("boiler-1", "temperature", "1m", hour + 60, "final", 0, 1, 30)
                .repair("boiler-1", "temperature", "1h", hour, 1)
                .take());

        assertThat(tables.rows("SELECT phase, count, sum FROM window_1h")).containsExactly("0 2 40");
        assertThat(tables.number("SELECT count(*) FROM window_repair")).isEqualTo(1);
    }

    @Test
    void givenMoreRepairsThanATransactionMayDo_whenAnHourRuns_thenItIsMadeWhenItsMinutesAre() throws StoreFailure {
        double hour = anHourThatIsNotOver();
        store = settling(new JdbcStore(
                database,
                "test",
                1_000,
                new RepairSettings(3, 1_000),
                SequenceLimits.DEFAULT,
                new MetricRanges(database),
                new RevisionNotices()));
        for (int minute = 0; minute < 5; minute++) {
            topic.number("boiler-1", "temperature", hour + minute * 60, minute);
        }
        topic.repair("boiler-1", "temperature", "1h", hour, 4);
        for (int minute = 0; minute < 5; minute++) {
            topic.repair("boiler-1", "temperature", "1m", hour + minute * 60, 4);
        }

        List<Boolean> left = new ArrayList<>(List.of(write(topic.take()).repairsLeft()));
        assertThat(tables.rows("SELECT count FROM window_1h")).isEmpty();
        while (left.getLast()) {
            left.add(goOn().repairsLeft());
        }

        assertThat(tables.rows("SELECT phase, count, sum FROM window_1h")).containsExactly("0 5 10");
    }

    /** In seconds after noon; the next one, so that it does not end during the test. */
    private static double anHourThatIsNotOver() {
        long hours = System.currentTimeMillis() / 3_600_000L + 1;
        return (hours * 3_600_000_000L - TestRecords.NOON) / 1e6;
    }

    private static CorrectionRecord.Point point(double seconds, double value) {
        return new CorrectionRecord.Point(at(seconds), value);
    }

    /** As the writer does it, corrections included. */
    private void apply(List<TopicRecord> records) throws StoreFailure {
        BatchWriter writer = new BatchWriter(store, new WriterMetrics(new SimpleMeterRegistry()));
        TreeSet<Place> places = new TreeSet<>();
        records.forEach(record -> places.add(record.place()));
        store.positions(places).forEach(writer::position);
        writer.write(records);
        while (goOn().repairsLeft()) {
            // until every window is made anew
        }
    }

    @Test
    void givenPresence_whenWritten_thenNewestStaysAndEveryChangeIsKept() throws StoreFailure {
        write(topic.presence("boiler-1", "reporting", null, 0)
                .presence("boiler-1", "silent", "reporting", 60)
                .take());

        write(topic.presence("boiler-1", "reporting", null, 0).take());

        assertThat(tables.rows("SELECT device, state FROM presence")).containsExactly("boiler-1 silent");
        assertThat(tables.rows("SELECT state, previous FROM presence_change ORDER BY at"))
                .containsExactly("reporting null", "silent reporting");
    }

    @Test
    void givenSilentMetrics_whenTheyComeBack_thenTheRowFollows() throws StoreFailure {
        write(topic.silentMetrics("boiler-1", 0, List.of("humidity", "pressure"))
                .take());
        assertThat(tables.rows("SELECT state, array_to_string(silent_metrics, '+') FROM presence"))
                .containsExactly("reporting humidity+pressure");

        write(topic.presence("boiler-1", "reporting", "reporting", 0).take());

        assertThat(tables.rows("SELECT cardinality(silent_metrics) FROM presence"))
                .containsExactly("0");
    }

    @Test
    void givenAlert_whenItsTransitionsAreWritten_thenStateFollowsAndAcknowledgementStays() throws StoreFailure {
        write(topic.transition(uuid(1), ALERT, "ok", "pending", 0)
                .transition(uuid(2), ALERT, "pending", "firing", 60)
                .take());
        tables.execute("UPDATE alert SET acknowledged_at = now(), acknowledged_by = 'olga'");

        write(topic.transition(uuid(3), ALERT, "firing", "resolved", 120).take());
        write(topic.transition(uuid(2), ALERT, "pending", "firing", 60).take());

        assertThat(tables.rows("""
            SELECT state, extract(epoch FROM firing_since - pending_since)::int,
                   extract(epoch FROM resolved_at - pending_since)::int, acknowledged_by FROM alert
            """)).containsExactly("resolved 60 120 olga");
        assertThat(tables.rows("SELECT from_state, to_state FROM alert_transition ORDER BY at"))
                .containsExactly("ok pending", "pending firing", "firing resolved");
    }

    @Test
    void givenRefusals_whenWrittenTwice_thenKeptOnceAndCounted() throws StoreFailure {
        write(topic.quarantine(uuid(7), "boiler-1", "JSON", 0).take());

        write(topic.quarantine(uuid(7), "boiler-1", "JSON", 0).take());

        assertThat(tables.rows("SELECT reason, detail, encode(payload, 'hex') FROM quarantine"))
                .containsExactly("JSON refused\uFFFD 010203");
        assertThat(ledger()).isEqualTo("2 0 1 1");
    }

    @Test
    void givenEqualRefusals_whenWritten_thenOneRowAnHourCountsThem() throws StoreFailure {
        write(topic.quarantine(uuid(1), "boiler-1", "JSON", 0)
                .quarantine(uuid(2), "boiler-1", "JSON", 1)
                .quarantine(uuid(3), "boiler-2", "JSON", 1)
                .take());

        write(topic.quarantine(uuid(4), "boiler-1", "JSON", 2)
                .quarantine(uuid(5), "boiler-1", "JSON", 3_700)
                .take());

        assertThat(tables.rows("""
            SELECT device, count, extract(epoch FROM last_at - received_at)::int
            FROM quarantine ORDER BY device, received_at
            """)).containsExactly("boiler-1 3 2", "boiler-1 1 0", "boiler-2 1 0");
        assertThat(ledger()).isEqualTo("5 0 0 5");
    }

    @Test
    void givenSequenceNumbers_whenLateOnesCome_thenGapsAreKeptAndFilled() throws StoreFailure {
        WriteOutcome skipping = write(topic.sequenced(1)
                .number("boiler-1", "temperature", 1, 1)
                .sequenced(9)
                .number("boiler-1", "temperature", 9, 1)
                .take());
        assertThat(tables.rows("SELECT highest, missing, filled FROM device_sequence"))
                .containsExactly("9 7 0");

        WriteOutcome filling = write(topic.sequenced(4)
                .number("boiler-1", "temperature", 4, 1)
                .sequenced(11)
                .number("boiler-1", "temperature", 11, 1)
                .take());

        assertThat(skipping.skipped()).isEqualTo(new Skipped(7, 0));
        assertThat(filling.skipped()).as("one came, another one was skipped").isEqualTo(new Skipped(1, 1));

        assertThat(tables.rows("SELECT highest, missing, filled, gaps[2:3], gaps[7:8] FROM device_sequence"))
                .containsExactly("11 7 1 {2,3} {5,8}");
    }

    @Test
    void givenClaims_whenWriterHasNotPassedThem_thenTheyAreOwedButNotYetMissing() throws StoreFailure {
        long minute = TestRecords.at(0);
        write(topic.stamped(new LedgerStamp(5, 1, 0))
                .number("boiler-1", "temperature", 0, 1)
                .claim(5, new LedgerClaimRecord.Line("demo", minute, 3, 0, Map.of("readings-0", 2L)))
                .take());
        assertThat(tables.rows("SELECT owed, passed FROM ledger_open")).containsExactly("2 f");

        topic.number("boiler-1", "temperature", 1, 1).take();
        write(topic.stamped(new LedgerStamp(5, 1, 0))
                .number("boiler-1", "temperature", 2, 1)
                .take());

        assertThat(tables.rows("SELECT owed, passed FROM ledger_open")).containsExactly("1 t");
    }

    @Test
    void givenPoison_whenWritten_thenQuarantinedAndOffsetMovesOn() throws StoreFailure {
        topic.add(Topics.READINGS, "boiler-1", "not json".getBytes(StandardCharsets.UTF_8))
                .add(Topics.WINDOWS, "boiler-1", "{\"v\":1}".getBytes(StandardCharsets.UTF_8))
                .add(Topics.PRESENCE, "boiler-1", null)
                .add(Topics.ALERT_TRANSITIONS, "boiler-1", "{\"v\":2}".getBytes(StandardCharsets.UTF_8))
                .number("boiler-1", "temperature", 0, 1);

        WriteOutcome outcome = write(topic.take());

        assertThat(outcome.quarantined()).containsEntry("POISON", 3L).containsEntry("SCHEMA", 1L);
        assertThat(tables.number("SELECT count(*) FROM measurement")).isEqualTo(1);
        assertThat(ledger()).isEqualTo("2 1 0 1");
        assertThat(tables.number("SELECT sum(next_offset) FROM consumer_offset"))
                .isEqualTo(5);
    }

    @Test
    void givenRecordsOfANewerVersion_whenWritten_thenQuarantinedAsSuchAndOffsetsMoveOn() throws StoreFailure {
        GOLDEN.forEach((name, in) -> topic.add(in, "boiler-7", WireGolden.changed(name, "\"v\":1", "\"v\":2")));

        WriteOutcome outcome = write(topic.take());

        assertThat(outcome.quarantined()).isEqualTo(Map.of("SCHEMA", (long) GOLDEN.size()));
        assertThat(tables.number("SELECT sum(next_offset) FROM consumer_offset"))
                .isEqualTo(GOLDEN.size());
        assertThat(tables.number("SELECT count(*) FROM measurement")).isZero();
    }

    @Test
    void givenRecordsWithFieldsOfANewerVersion_whenWritten_thenTheyAreStored() throws StoreFailure {
        GOLDEN.forEach((name, in) -> topic.add(
                in, "boiler-7", WireGolden.changed(name, "\"v\":1,", "\"v\":1,\"addedLater\":{\"deep\":[1,{}]},")));

        WriteOutcome outcome = write(topic.take());

        assertThat(outcome.quarantined()).doesNotContainKeys("SCHEMA", "POISON");
        assertThat(tables.number("SELECT count(*) FROM measurement")).isPositive();
        assertThat(tables.number("SELECT count(*) FROM window_10s")).isEqualTo(1);
    }

    @Test
    void givenATopicMadeAnew_whenItIsRecognised_thenItsPositionsBeginAgainAndWhoWritesByThemIsFenced()
            throws StoreFailure {
        UUID first = new UUID(1, 1);
        UUID second = new UUID(2, 2);
        topic.number("boiler-1", "temperature", 0, 21.5).number("boiler-1", "temperature", 10, 22.5);
        write(topic.take());
        List<Place> places = List.of(new Place(Topics.READINGS, 0), new Place(Topics.WINDOWS, 0));
        store.positions(places);
        Map<Place, Long> atFirst = store.recognise(Map.of(Topics.READINGS, first, Topics.WINDOWS, first));
        Map<Place, Long> again = store.recognise(Map.of(Topics.READINGS, first));
        Map<Place, Long> before = store.positions(places);
        tables.execute("INSERT INTO window_repair (series_id, size, start_at, source_partition, source_offset)"
                + " VALUES (1, '1m', timestamptz '2026-11-23 12:00:00Z', 0, 70)");

        Map<Place, Long> givenUp = store.recognise(Map.of(Topics.READINGS, second, Topics.WINDOWS, first));

        assertThat(atFirst).isEmpty();
        assertThat(again).isEmpty();
        assertThat(givenUp).containsExactly(entry(new Place(Topics.READINGS, 0), 2L));
        assertThat(store.positions(places).values()).containsOnly(0L);
        topic.number("boiler-1", "temperature", 20, 23.5);
        List<TopicRecord> later = topic.take();
        assertThatThrownBy(() -> store.write(Planner.plan(later, before, Verdicts.NONE)))
                .isInstanceOf(StoreFailure.Fenced.class);
        goOn();
        assertThat(tables.number("SELECT count(*) FROM window_repair"))
                .as("repairs that wait for a reading of the former topic")
                .isZero();
    }

    @Test
    void givenTextThatTheDatabaseCannotHold_whenWritten_thenRefused() {
        topic.presence("boiler-1", "reporting\0", null, 0);

        assertThatThrownBy(() -> write(topic.take())).isInstanceOf(StoreFailure.Refused.class);

        assertThat(tables.number("SELECT count(*) FROM presence")).isZero();
        assertThat(tables.number("SELECT sum(next_offset) FROM consumer_offset"))
                .isZero();
    }

    private WriteOutcome write(List<TopicRecord> records) throws StoreFailure {
        TreeSet<Place> places = new TreeSet<>();
        records.forEach(record -> places.add(record.place()));
        return store.write(Planner.plan(records, store.positions(places), Verdicts.NONE));
    }

    /** A transaction without records, as an idle writer does it while repairs are left. */
    private WriteOutcome goOn() throws StoreFailure {
        Place readings = new Place(Topics.READINGS, 0);
        long next = store.positions(List.of(readings)).get(readings);
        return store.write(WritePlan.moving(List.of(new Advance(readings, next, next))));
    }

    private List<String> measurements() {
        return tables.rows("""
            SELECT metric, (extract(epoch FROM ts) * 1000000)::bigint, value
            FROM measurement JOIN series ON id = series_id ORDER BY metric, ts
            """);
    }

    private String ledger() {
        return tables.rows("SELECT sum(received), sum(stored), sum(duplicate), sum(quarantined) FROM ledger")
                .getFirst();
    }

    private static Sample flag(String metric, boolean value) {
        return new Sample.Flag(new MetricName(metric), value);
    }

    private static Sample text(String metric, String value) {
        return new Sample.State(new MetricName(metric), value);
    }

    private static String uuid(int number) {
        return new UUID(0, number).toString();
    }
}
