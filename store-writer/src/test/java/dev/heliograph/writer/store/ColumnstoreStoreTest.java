package dev.heliograph.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.storage.TestDatabase;
import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.Planner;
import dev.heliograph.writer.plan.TestRecords;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.plan.Verdicts;
import java.util.List;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The contract of the store where every row is moved to the columnstore as soon as it is written: all that comes is late. */
@EnabledIf(
        value = "dev.heliograph.storage.TestDatabase#hasColumnstore",
        disabledReason = "no TimescaleDB with the columnstore behind -Dheliograph.test.timescale.url")
class ColumnstoreStoreTest extends StoreContract {
    private static final int MANY_SERIES = 120;

    @Override
    DataSource database() {
        return TestDatabase.columnstore().orElseThrow();
    }

    @Override
    void settle(DataSource database) {
        TestDatabase.moveToColumnstore(database);
    }

    @Test
    void givenWindowsOfManySeriesInTheColumnstore_whenAllAreRevised_thenMoreRowsAreTakenOutThanTimescaleWouldLet()
            throws StoreFailure {
        DataSource database = database();
        Tables tables = new Tables(database);
        Store store = new JdbcStore(database, "test", 1_000);
        TestRecords topic = new TestRecords();
        for (int device = 0; device < MANY_SERIES; device++) {
            topic.window("boiler-" + device, "temperature", "10s", 0, "final", 0, 5, 20);
        }
        write(store, topic.take());
        tables.execute("""
                INSERT INTO window_10s
                SELECT series_id, start_at + n * interval '10 s', phase, revision, count, sum, min, max, first, first_ts, last,
                       last_ts, mean, m2
                  FROM window_10s, generate_series(1, 999) AS n
                """);
        settle(database);

        for (int device = 0; device < MANY_SERIES; device++) {
            topic.window("boiler-" + device, "temperature", "10s", 500, "revised", 1, 6, 21);
        }
        write(store, topic.take());

        assertThat(tables.rows(
                        "SELECT phase, count(*), sum(mean)::bigint FROM window_10s GROUP BY phase ORDER BY phase"))
                .containsExactly(
                        "1 " + MANY_SERIES * 999 + " " + MANY_SERIES * 999 * 20,
                        "2 " + MANY_SERIES + " " + MANY_SERIES * 21);
    }

    @Test
    void givenADayOfManySeriesInTheColumnstore_whenOneIsCorrected_thenTheOthersStayThere() throws StoreFailure {
        DataSource database = database();
        Tables tables = new Tables(database);
        Store store = new JdbcStore(database, "test", 1_000);
        TestRecords topic = new TestRecords();
        for (int device = 0; device < MANY_SERIES; device++) {
            topic.number("boiler-" + device, "temperature", 0, 20);
        }
        write(store, topic.take());
        tables.execute("INSERT INTO measurement SELECT series_id, ts + n * interval '10 s', value, received_at"
                + " FROM measurement, generate_series(1, 999) AS n");
        settle(database);

        // As it comes to plan a statement that it has planned a few times with values.
        tables.execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan',"
                + " current_database()); END $$");
        List<TopicRecord> records = topic.correction("boiler-7", "temperature", "offset", 100, 200, 1.0)
                .take();
        correct(store, records.getFirst());

        assertThat(tables.rows("SELECT value, count(*) FROM measurement GROUP BY value ORDER BY value"))
                .containsExactly("20 " + (MANY_SERIES * 1_000 - 10), "21 10");
        assertThat(TestDatabase.rowsBesideTheColumnstore(database, "measurement"))
                .as("one batch of one series, taken out to be changed")
                .isEqualTo(1_000);
    }

    private static void correct(Store store, TopicRecord record) throws StoreFailure {
        long offset = store.positions(List.of(record.place())).getOrDefault(record.place(), 0L);
        CorrectionStep step = CorrectionStep.of(record);
        while (!store.correct(step, offset)) {
            // step by step
        }
    }

    private static void write(Store store, List<TopicRecord> records) throws StoreFailure {
        TreeSet<Place> places = new TreeSet<>();
        records.forEach(record -> places.add(record.place()));
        store.write(Planner.plan(records, store.positions(places), Verdicts.NONE));
    }
}
