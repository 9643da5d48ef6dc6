package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The counts of a fleet that are kept as it changes, against those of whoever counts every device. */
class FleetCountsTest {
    private static final int STEPS = Integer.getInteger("heliograph.test.fleet.steps", 1_500);
    private static final List<String> TENANTS = List.of("one", "two");
    private static final List<String> STATES = List.of("reporting", "late", "silent", "offline", "unknown");
    private static final String COUNTED = """
            SELECT concat_ws(' ', tenant, site, placed, state, devices) FROM fleet_count WHERE devices <> 0 ORDER BY 1
            """;
    private static final String NAIVE = """
            SELECT concat_ws(' ', d.tenant, COALESCE(d.site, ''), COALESCE(d.latitude, r.latitude) IS NOT NULL,
                             COALESCE(p.state, 'unknown'), count(*))
              FROM device d LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
              LEFT JOIN device_position r ON r.tenant = d.tenant AND r.device = d.id
             WHERE d.enabled
             GROUP BY d.tenant, COALESCE(d.site, ''), COALESCE(d.latitude, r.latitude) IS NOT NULL,
                      COALESCE(p.state, 'unknown')
             ORDER BY 1
            """;
    private static final String MEMBERS = """
            SELECT concat_ws(' ', tenant, device, site, floor(latitude * 10000), floor(longitude * 10000), state)
              FROM fleet_member ORDER BY 1
            """;
    private static final String NAIVE_MEMBERS = """
            SELECT concat_ws(' ', d.tenant, d.id, d.site, floor(COALESCE(d.latitude, r.latitude) * 10000),
                             floor(COALESCE(d.longitude, r.longitude) * 10000), COALESCE(p.state, 'unknown'))
              FROM device d LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
              LEFT JOIN device_position r ON r.tenant = d.tenant AND r.device = d.id
             WHERE d.enabled ORDER BY 1
            """;

    private DataSource database;

    @BeforeEach
    void fresh() {
        database = TestDatabase.postgres();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void givenRandomHistory_whenFoldedAtAnyMoment_thenTheCountsAreThoseOfWhoeverCountsAll(long seed)
            throws SQLException {
        Random random = new Random(seed);
        // Devices change in one session and presence in another, each in transactions that are open while the other's
        // end.
        try (Connection devices = database.getConnection();
                Connection presence = database.getConnection();
                Connection folder = database.getConnection();
                Statement device = devices.createStatement();
                Statement state = presence.createStatement();
                Statement fold = folder.createStatement()) {
            devices.setAutoCommit(false);
            presence.setAutoCommit(false);
            int compared = 0;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> device.execute(deviceChange(random));
                    case 2, 3 -> state.execute(presenceChange(random));
                    case 4 -> end(random.nextBoolean() ? devices : presence, random);
                    default -> {
                        while (number(fold, "SELECT fold_fleet(" + (1 + random.nextInt(7)) + ")") > 0) {
                            // A few at a time, until nothing is left.
                        }
                        assertThat(rows(fold, COUNTED)).as("step " + step).isEqualTo(rows(fold, NAIVE));
                        compared++;
                    }
                }
            }
            devices.commit();
            presence.commit();
            fold.execute("SELECT fold_fleet(1000000)");

            assertThat(compared).isGreaterThan(STEPS / 10);
            assertThat(rows(fold, COUNTED)).isNotEmpty().isEqualTo(rows(fold, NAIVE));
            assertThat(rows(fold, MEMBERS)).isEqualTo(rows(fold, NAIVE_MEMBERS));
            assertThat(rows(fold, "SELECT id FROM fleet_note")).isEmpty();
            assertThat(rows(fold, "SELECT devices FROM fleet_count WHERE devices < 0"))
                    .isEmpty();
        }
    }

    private static void end(Connection session, Random random) throws SQLException {
        if (random.nextInt(4) == 0) {
            session.rollback();
        } else {
            session.commit();
        }
    }

    private static String deviceChange(Random random) {
        String key = "tenant = '" + tenant(random) + "' AND id = '" + id(random) + "'";
        return switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                "INSERT INTO device (tenant, id, name, site, enabled) VALUES ('" + tenant(random) + "', '" + id(random)
                        + "', 'n', " + site(random) + ", " + (random.nextInt(5) > 0)
                        + ") ON CONFLICT (tenant, id) DO UPDATE SET site = excluded.site, enabled = excluded.enabled";
            case 3 -> "UPDATE device SET enabled = NOT enabled WHERE " + key;
            case 4 -> "UPDATE device SET site = " + site(random) + " WHERE tenant = '" + tenant(random) + "'";
            case 5 ->
                String.format(
                        Locale.ROOT,
                        "UPDATE device SET latitude = %1$d, longitude = %2$d WHERE %3$s",
                        random.nextInt(90),
                        random.nextInt(180),
                        key);
            case 6 ->
                "UPDATE device SET latitude = NULL, longitude = NULL, name = 'm' WHERE tenant = '" + tenant(random)
                        + "'";
            default -> "DELETE FROM device WHERE " + key;
        };
    }

    private static String presenceChange(Random random) {
        if (random.nextInt(4) == 0) {
            // A few metres, a few kilometres, or gone.
            return random.nextInt(8) == 0
                    ? "DELETE FROM device_position WHERE device = '" + id(random) + "'"
                    : String.format(
                            Locale.ROOT,
                            "INSERT INTO device_position AS r (tenant, device, ts, latitude, longitude) "
                                    + "VALUES ('%s', '%s', now(), %f, 10.5) ON CONFLICT (tenant, device) "
                                    + "DO UPDATE SET latitude = r.latitude + %f",
                            tenant(random),
                            id(random),
                            random.nextDouble() * 20,
                            random.nextBoolean() ? 0.00003 : 0.2);
        }
        if (random.nextInt(10) == 0) {
            return "DELETE FROM presence WHERE tenant = '" + tenant(random) + "' AND device = '" + id(random) + "'";
        }
        // As the writer: some new, some seen again, some another way.
        return "INSERT INTO presence AS p (tenant, device, state, since) SELECT '" + tenant(random) + "', 'd' || n, '"
                + STATES.get(random.nextInt(STATES.size())) + "', now() FROM generate_series(" + random.nextInt(20)
                + ", " + random.nextInt(25)
                + ") AS n ON CONFLICT (tenant, device) DO UPDATE SET state = excluded.state, "
                + "since = excluded.since";
    }

    private static String tenant(Random random) {
        return TENANTS.get(random.nextInt(TENANTS.size()));
    }

    private static String id(Random random) {
        return "d" + random.nextInt(25);
    }

    private static String site(Random random) {
        int site = random.nextInt(4);
        return site == 0 ? "NULL" : "'s" + site + "'";
    }

    @Test
    void givenDeviceSeenAgain_whenItsStateStays_thenThereIsNothingToFold() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("INSERT INTO device (tenant, id, name) VALUES ('one', 'd', 'd')");
            sql.execute("INSERT INTO presence (tenant, device, state, since) VALUES ('one', 'd', 'reporting', now())");
            sql.execute("SELECT fold_fleet(10)");

            sql.execute("UPDATE presence SET last_seen = now(), state = 'reporting'");
            sql.execute("UPDATE device SET name = 'e', labels = '{\"a\": \"b\"}', version = 2");

            assertThat(rows(sql, "SELECT id FROM fleet_note")).isEmpty();
        }
    }

    @Test
    void givenFleet_whenEmptiedAtOnce_thenNothingIsCounted() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO device (tenant, id, name) SELECT 'one', 'd' || n, 'd' FROM generate_series(1, 9) n");
            sql.execute("SELECT fold_fleet(100)");
            assertThat(rows(sql, COUNTED)).containsExactly("one  f unknown 9");

            sql.execute("TRUNCATE device CASCADE");
            sql.execute("SELECT fold_fleet(100)");

            assertThat(rows(sql, COUNTED)).isEmpty();
            assertThat(rows(sql, MEMBERS)).isEmpty();
        }
    }

    @Test
    void givenChangesThatWait_whenLookedAt_thenTheirNumberUpToTheBoundAndTheAgeOfTheOldestAreTold()
            throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("SELECT fold_fleet(100)");
            assertThat(rows(sql, "SELECT concat_ws(' ', waiting, oldest_seconds) FROM fleet_waiting(100)"))
                    .containsExactly("0 0");
            sql.execute(
                    "INSERT INTO device (tenant, id, name) SELECT 'one', 'w' || n, 'd' FROM generate_series(1, 4) n");
            sql.execute("UPDATE fleet_note SET at = now() - interval '1 hour' WHERE device = 'w1'");
            sql.execute("UPDATE fleet_note SET at = now() + interval '1 hour' WHERE device = 'w4'");

            String told = "SELECT concat_ws(' ', waiting, oldest_seconds BETWEEN 3600 AND 4200) FROM fleet_waiting(";
            assertThat(rows(sql, told + "3)")).containsExactly("3 t");
            assertThat(rows(sql, told + "100)")).containsExactly("4 t");
            sql.execute("SELECT fold_fleet(3)");
            // A clock that was set back does not make the future a debt.
            assertThat(rows(sql, "SELECT concat_ws(' ', waiting, oldest_seconds) FROM fleet_waiting(100)"))
                    .containsExactly("1 0");
        }
    }

    @Test
    void givenTransactionThatSeesThePastOnly_whenFolded_thenRefused() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            connection.setAutoCommit(false);
            sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");

            assertThatThrownBy(() -> sql.execute("SELECT fold_fleet(1)")).hasMessageContaining("must see");
        }
    }

    @Test
    void givenFleetOfAnOlderSchema_whenMigrated_thenItIsCounted() throws SQLException {
        DataSource older = TestDatabase.empty();
        Flyway.configure(DatabaseSchema.class.getClassLoader())
                .dataSource(older)
                .locations("classpath:db/migration")
                .target("14")
                .load()
                .migrate();
        try (Connection connection = older.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("INSERT INTO device (tenant, id, name, site, enabled) "
                    + "SELECT 'one', 'd' || n, 'd', 's' || n % 3, n % 10 > 0 FROM generate_series(1, 500) n");
            sql.execute("INSERT INTO presence (tenant, device, state, since) "
                    + "SELECT 'one', 'd' || n, 'late', now() FROM generate_series(1, 500, 2) n");

            DatabaseSchema.migrate(older);

            assertThat(rows(sql, COUNTED)).hasSize(6).isEqualTo(rows(sql, NAIVE));
        }
    }

    private static long number(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<String> rows(Statement sql, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet row = sql.executeQuery(query)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
