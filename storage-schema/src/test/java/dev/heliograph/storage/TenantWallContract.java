package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself keeps from the role of the query API, whatever statement that sends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TenantWallContract {
    private static final String DENIED = "42501";

    private DataSource owner;
    private DataSource query;

    abstract DataSource database();

    /** What happens to rows once they are there. */
    void settle(DataSource database) {}

    @BeforeAll
    void fill() throws SQLException {
        owner = database();
        query = TestDatabase.asQueryRole(owner);
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            for (String tenant : List.of("one", "two")) {
                statement.execute("""
                        INSERT INTO tenant (id, name) VALUES ('%1$s', '%1$s');
                        INSERT INTO site (tenant, id, name) VALUES ('%1$s', 's', 's');
                        INSERT INTO device (tenant, id, name) VALUES ('%1$s', 'd', 'd');
                        INSERT INTO device_credential (tenant, device, salt, hash) VALUES ('%1$s', 'd', 'a', 'b');
                        INSERT INTO metric (tenant, name, kind) VALUES ('%1$s', 'm', 'number');
                        INSERT INTO presence (tenant, device, state, since) VALUES ('%1$s', 'd', 'online', now());
                        INSERT INTO presence_change (tenant, device, at, state) VALUES ('%1$s', 'd', now(), 'online');
                        INSERT INTO quarantine (id, tenant, topic, transport, reason, detail, received_at, size, sha256, payload)
                        VALUES (gen_random_uuid(), '%1$s', 't', 'mqtt', 'JSON', 'x', now(), 1, 'a', 'p');
                        INSERT INTO ledger_source (tenant, minute, source, claimed) VALUES ('%1$s', now(), 1, 5);
                        INSERT INTO audit (tenant, actor, action, target) VALUES ('%1$s', 'a', 'b', 'c');
                        INSERT INTO series (tenant, device, metric) VALUES ('%1$s', 'd', 'm');
                        INSERT INTO measurement SELECT id, now(), 1, now() FROM series WHERE tenant = '%1$s';
                        INSERT INTO state_change SELECT id, now(), 'on', now() FROM series WHERE tenant = '%1$s';
                        INSERT INTO latest (series_id, ts, value, received_at)
                        SELECT id, now(), 1, now() FROM series WHERE tenant = '%1$s';
                        INSERT INTO window_10s SELECT id, now(), 1, 0, 1, 1, 1, 1, 1, now(), 1, now(), 1, 0
                          FROM series WHERE tenant = '%1$s';
                        """.formatted(tenant));
            }
        }
        settle(owner);
    }

    @Test
    void givenEveryTableWithATenant_whenTheSchemaIsCurrent_thenTheWallIsAroundIt() throws SQLException {
        assertThat(asOwner("""
                SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'device'
                   AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
                """)).isEmpty();
        assertThat(asOwner("""
                SELECT c.relname FROM pg_class c
                  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'series_id'
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                   AND (a.attname IS NOT NULL OR c.relname = 'device')
                   AND to_regclass('tenant_wall.' || c.relname) IS NULL
                """)).isEmpty();
    }

    @Test
    void givenNoTenant_whenEverythingIsRead_thenNothingIsSeen() throws SQLException {
        List<String> tables = readable();
        assertThat(tables)
                .contains("device", "series", "measurement", "window_1h", "latest", "quarantine", "ledger_open");
        for (String table : tables) {
            assertThat(asQuery("", "SELECT count(*) FROM " + table)).as(table).containsExactly("0");
        }
        try (Connection connection = query.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM measurement")) {
            rows.next();
            assertThat(rows.getLong(1)).as("never told").isZero();
        }
    }

    @Test
    void givenATenant_whenEverythingIsReadWithoutNamingIt_thenOnlyItsRowsAreSeen() throws SQLException {
        for (String table : List.of(
                "device",
                "series",
                "presence",
                "presence_change",
                "quarantine",
                "ledger_open",
                "metric",
                "site",
                "device_credential",
                "measurement",
                "state_change",
                "latest",
                "window_10s",
                "ledger_source")) {
            assertThat(asOwner("SELECT count(*) FROM " + table)).as(table).containsExactly("2");
            assertThat(asQuery("one", "SELECT count(*) FROM " + table))
                    .as(table)
                    .containsExactly("1");
        }
        assertThat(asQuery("one", "SELECT DISTINCT tenant FROM ledger_open")).containsExactly("one");
        assertThat(asQuery("one", "SELECT id FROM tenant")).containsExactly("one");
        assertThat(asQuery("one' OR '1'='1", "SELECT count(*) FROM device")).containsExactly("0");
        assertThat(asQuery("one", "SELECT count(*) FROM device WHERE tenant = 'two'"))
                .containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM public.measurement",
                "SELECT count(*) FROM public.latest",
                "SELECT count(*) FROM public.window_1m",
                "SELECT count(*) FROM public.device",
                "UPDATE public.device SET name = 'x'",
                "SELECT count(*) FROM audit",
                "INSERT INTO public.measurement VALUES (1, now(), 1, now())",
                "UPDATE public.measurement SET value = 0",
                "DELETE FROM public.measurement",
                "TRUNCATE public.measurement",
                "DELETE FROM quarantine",
                "UPDATE quarantine SET payload = ''",
                "UPDATE alert SET state = 'resolved'",
                "INSERT INTO series (tenant, device, metric) VALUES ('one', 'x', 'y')",
                "UPDATE ledger_source SET claimed = 0",
                "INSERT INTO fleet_note (tenant, device) VALUES ('one', 'd')",
                "DELETE FROM fleet_member",
                "UPDATE fleet_count SET devices = 0",
                "UPDATE consumer_offset SET next_offset = 0",
                "DELETE FROM audit",
                "UPDATE audit SET actor = 'nobody'",
                "UPDATE correction SET status = 'done'",
                "DELETE FROM tenant",
                "UPDATE outbox SET value = ''",
                "DROP TABLE outbox",
                "ALTER TABLE site DISABLE ROW LEVEL SECURITY",
                "ALTER VIEW device RESET (check_option)",
                "CREATE TABLE public.mine (id int)",
                "CREATE TABLE tenant_wall.mine (id int)",
                "DROP POLICY of_the_tenant ON site",
                "INSERT INTO site (tenant, id, name) VALUES ('two', 'x', 'x')",
                "UPDATE site SET tenant = 'two'",
                "SELECT pg_read_file('/etc/passwd')",
                "COPY device TO PROGRAM 'true'",
                "SELECT rolpassword FROM pg_authid"
            })
    void givenATenant_whenMoreIsWantedThanTheRoleMay_thenTheDatabaseRefuses(String sql) {
        assertThatThrownBy(() -> asQuery("one", sql))
                .isInstanceOf(SQLException.class)
                .satisfies(failure ->
                        assertThat(((SQLException) failure).getSQLState()).isEqualTo(DENIED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO device (tenant, id, name) VALUES ('two', 'x', 'x')",
                "INSERT INTO device (tenant, id, name) VALUES ('two', 'd', 'x') ON CONFLICT (tenant, id) DO UPDATE SET name = 'x'",
                "UPDATE device SET tenant = 'two'"
            })
    void givenATenant_whenADeviceOfAnotherIsWritten_thenTheViewRefuses(String sql) throws SQLException {
        assertThatThrownBy(() -> asQuery("one", sql)).isInstanceOf(SQLException.class);
        assertThat(asOwner("SELECT tenant || name FROM device ORDER BY tenant")).containsExactly("oned", "twod");
    }

    @Test
    void givenTheRole_whenItWantsToBeTheOwner_thenItMayNot() throws SQLException {
        String name = asOwner("SELECT quote_ident(current_user)").getFirst();
        assertThatThrownBy(() -> asQuery("one", "SET ROLE " + name)).isInstanceOf(SQLException.class);
        assertThat(asQuery(
                        "one",
                        "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"))
                .containsExactly("f");
    }

    @Test
    void givenAnotherTenantsRows_whenChanged_thenNoneIsTouched() throws SQLException {
        try (Connection connection = query.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('heliograph.tenant', 'one', false)");
            assertThat(statement.executeUpdate("UPDATE device SET name = 'changed'"))
                    .isEqualTo(1);
            assertThat(statement.executeUpdate("DELETE FROM device_credential")).isEqualTo(1);
            assertThat(statement.executeUpdate("DELETE FROM metric WHERE tenant = 'two'"))
                    .isZero();
            assertThat(asOwner("SELECT name FROM device WHERE tenant = 'two'")).containsExactly("d");
            assertThat(asOwner("SELECT count(*) FROM device_credential")).containsExactly("1");
        } finally {
            fill(); // the others find what was there
        }
    }

    @Test
    void givenTheWallStands_whenItIsRaisedAgain_thenNothingChanges() throws SQLException {
        List<String> before = asOwner("SELECT polname || polrelid::text FROM pg_policy ORDER BY 1");

        TenantWall.raise(owner);

        assertThat(asOwner("SELECT polname || polrelid::text FROM pg_policy ORDER BY 1"))
                .isEqualTo(before)
                .hasSizeGreaterThan(15);
    }

    @Test
    void givenATableThatANewerBuildBrought_whenTheWallIsRaised_thenTheRoleMayReadItAndNothingElse()
            throws SQLException {
        asOwner("CREATE TABLE brought_later (tenant text NOT NULL)");
        asOwner("GRANT ALL ON brought_later TO heliograph_query");
        try {
            TenantWall.raise(owner);

            assertThat(asOwner("""
                    SELECT privilege_type FROM information_schema.role_table_grants
                     WHERE grantee = 'heliograph_query' AND table_name = 'brought_later'
                    """)).containsExactly("SELECT");
            assertThat(asOwner("SELECT polname FROM pg_policy WHERE polrelid = 'brought_later'::regclass"))
                    .contains("of_the_tenant");
        } finally {
            asOwner("DROP TABLE brought_later");
        }
    }

    /** Everything that the role may read, by the privileges that the database knows. */
    private List<String> readable() throws SQLException {
        return asOwner("""
                SELECT c.relname FROM pg_class c
                 WHERE c.relkind IN ('r', 'v', 'p') AND c.relname NOT IN ('outbox', 'consumer_offset', 'flyway_schema_history')
                   AND (c.relnamespace = 'tenant_wall'::regnamespace
                        OR c.relnamespace = 'public'::regnamespace AND has_table_privilege('heliograph_query', c.oid, 'SELECT'))
                   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = c.oid AND x.deptype = 'e')
                """);
    }

    private List<String> asOwner(String sql) throws SQLException {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            return texts(statement, sql);
        }
    }

    private List<String> asQuery(String tenant, String sql) throws SQLException {
        try (Connection connection = query.getConnection();
                var tell = connection.prepareStatement("SELECT set_config('heliograph.tenant', ?, false)");
                Statement statement = connection.createStatement()) {
            tell.setString(1, tenant);
            tell.execute();
            return texts(statement, sql);
        }
    }

    private static List<String> texts(Statement statement, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        if (statement.execute(sql)) {
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
        }
        return texts;
    }
}
