package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * The wall between tenants that the database keeps itself around the role {@link #QUERY_ROLE}. A connection of that role says
 * whose rows it wants by the setting {@link #SETTING}; one that does not say it sees none, and a statement that forgets to name
 * a tenant gets rows of that one only. Where there is no such role there is no wall, and nothing changes for other roles.
 *
 * <ul>
 *   <li>Tables with a tenant in each row have row level security, which binds that role alone: the writer reads and
 *       writes as before, whether it owns the tables or not.
 *   <li>Tables with a series in each row are read through views of the same name in the schema {@link #SCHEMA}, which joins
 *       them with the series of the tenant. The tables themselves are closed, and so are TimescaleDB's chunks.
 *   <li>Devices are searched by words and labels, for which row level security would take their indexes away: they are read
 *       and written through a view of the same kind, which refuses rows of others.
 *   <li>The role may read these, change what people configure, and add to the audit,
 *       which it can not read. It can not write what devices reported.
 * </ul>
 *
 * <p>Tables and columns are found in the catalogue: a table that a later migration brings is behind the wall as well.
 */
public final class TenantWall {
    /** The setting of a connection that names the tenant. */
    public static final String SETTING = "heliograph.tenant";

    /** Where the views are. First in the search path of a role behind the wall. */
    public static final String SCHEMA = "tenant_wall";

    /** The role of the query API. Made by {@link #createQueryRole} or by hand; the wall only grants. */
    public static final String QUERY_ROLE = "heliograph_query";

    /** Statements for each table that has a tenant in its rows and no wall yet. */
    private static final String MISSING_POLICIES = """
            SELECT format('CREATE POLICY of_the_platform ON %1$I.%2$I USING (true); '
                       || 'CREATE POLICY of_the_tenant ON %1$I.%2$I AS RESTRICTIVE TO heliograph_query '
                       || 'USING (%3$I = current_setting(''heliograph.tenant'', true)%4$s); '
                       || 'ALTER TABLE %1$I.%2$I ENABLE ROW LEVEL SECURITY',
                          n.nspname, c.relname, CASE WHEN c.relname = 'tenant' THEN 'id' ELSE 'tenant' END,
                          CASE c.relname
                              -- What holds for every tenant is everybody's.
                              WHEN 'retention' THEN ' OR tenant = '''''
                              -- Those that have expired are swept out for nobody in particular; each is sealed by its key.
                              WHEN 'idempotency_key' THEN
                                  ' OR coalesce(current_setting(''heliograph.tenant'', true), '''') = '''''
                              ELSE '' END)
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname <> 'device'
               AND (c.relname = 'tenant' OR EXISTS (
                   SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped))
               AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'of_the_tenant')
             ORDER BY c.relname
            """;

    /** Statements for each view that is not there, or shows fewer columns than its table has. */
    private static final String MISSING_VIEWS = """
            SELECT format(CASE WHEN c.relname = 'device'
                              THEN 'CREATE OR REPLACE VIEW tenant_wall.device AS SELECT * FROM %1$I.device '
                                || 'WHERE tenant = current_setting(''heliograph.tenant'', true) WITH CHECK OPTION'
                              ELSE 'CREATE OR REPLACE VIEW tenant_wall.%2$I AS SELECT t.* FROM %1$I.%2$I t '
                                || 'JOIN %1$I.series s ON s.id = t.series_id '
                                || 'WHERE s.tenant = current_setting(''heliograph.tenant'', true)' END,
                          n.nspname, c.relname)
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
               AND (c.relname = 'device' OR EXISTS (
                   SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'series_id' AND NOT a.attisdropped))
               AND (SELECT count(*) FROM pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
                   <> (SELECT count(*) FROM pg_attribute a
                        WHERE a.attrelid = to_regclass('tenant_wall.' || quote_ident(c.relname))
                          AND a.attnum > 0 AND NOT a.attisdropped)
            UNION ALL
            -- A view runs with the rights of its owner, unless it is said to run with those of whoever asks.
            SELECT 'ALTER VIEW ledger_open SET (security_invoker = true)'
              FROM pg_class c
             WHERE c.oid = 'ledger_open'::regclass AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
            """;

    /** What the role may; takes no lock on a table. */
    private static final String GRANT = """
            DO $wall$
            DECLARE
                home text := current_schema();
                target record;
            BEGIN
                EXECUTE format('GRANT USAGE ON SCHEMA %I, tenant_wall TO heliograph_query', home);
                GRANT SELECT ON ALL TABLES IN SCHEMA tenant_wall TO heliograph_query;
                GRANT INSERT, UPDATE, DELETE ON tenant_wall.device TO heliograph_query;
                -- What people configure may be changed. What a later migration brings may be read until it is named here: this
                -- build may run beside or after a newer one, which knows better. What another build granted is taken back.
                FOR target IN
                    SELECT c.relname,
                           CASE WHEN c.relname = 'audit' THEN 'INSERT'
                                WHEN c.relname IN ('tenant', 'correction') THEN 'SELECT, INSERT'
                                WHEN c.relname IN ('site', 'device_credential', 'metric', 'rule', 'bulk_change',
                                                   'idempotency_key')
                                THEN 'SELECT, INSERT, UPDATE, DELETE'
                                ELSE 'SELECT' END AS may
                      FROM pg_class c
                     WHERE c.relnamespace = home::regnamespace AND c.relrowsecurity
                LOOP
                    EXECUTE format('REVOKE ALL ON %I.%I FROM heliograph_query', home, target.relname);
                    EXECUTE format('GRANT %s ON %I.%I TO heliograph_query', target.may, home, target.relname);
                END LOOP;
                GRANT SELECT ON consumer_offset, ledger_open, flyway_schema_history TO heliograph_query;
                GRANT SELECT, INSERT, DELETE ON outbox TO heliograph_query;
                GRANT UPDATE (acknowledged_at, acknowledged_by, comment) ON alert TO heliograph_query;
                GRANT UPDATE (replayed_at, replayed_by, replay_outcome, replay_detail) ON quarantine TO heliograph_query;
            END
            $wall$
            """;

    // With the rights of CREATEROLE alone nothing may be said of a role's other rights once it is there, not even that
    // it has none.
    private static final String CREATE_ROLE = """
            DO $role$
            BEGIN
                IF to_regrole('heliograph_query') IS NULL THEN
                    CREATE ROLE heliograph_query LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
                END IF;
            END
            $role$
            """;

    private static final String TOO_MUCH = """
            SELECT 'the role heliograph_query could pass the wall between tenants: it must have NOSUPERUSER, NOBYPASSRLS and '
                   || 'NOCREATEROLE, and be a member of no role'
              FROM pg_roles r
             WHERE rolname = 'heliograph_query'
               AND (rolsuper OR rolbypassrls OR rolcreaterole
                    OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))
            """;

    private static final String SEARCH_PATH = "ALTER ROLE heliograph_query SET search_path = tenant_wall, public";
    private static final String ONE_ROLE_AT_A_TIME = "SELECT pg_advisory_lock(7241005310178)";
    private static final String NEXT_ROLE = "SELECT pg_advisory_unlock(7241005310178)";
    private static final String IS_WANTED = "SELECT to_regrole('" + QUERY_ROLE + "') IS NOT NULL";
    private static final String ONE_AT_A_TIME = "SELECT pg_advisory_lock(7241005310179)";
    private static final String NEXT_ONE = "SELECT pg_advisory_unlock(7241005310179)";
    private static final int ATTEMPTS = 60;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private TenantWall() {}

    /**
     * Raises the wall or completes it; does nothing where it stands. For the owner of the tables. Each table is changed in a
     * transaction of its own, which waits for the table for a second at most and is tried again after one: others never queue
     * behind it for longer, nor behind one table while it waits for another.
     */
    static void raise(DataSource database) {
        try (Connection connection =
                        BriefLocks.of(database, DatabaseSchema.LOCK_WAIT).getConnection();
                Statement statement = connection.createStatement()) {
            if (!isWanted(statement)) {
                return;
            }
            change(connection, ONE_AT_A_TIME);
            try {
                for (String policy : texts(statement, MISSING_POLICIES)) {
                    change(connection, policy);
                }
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
                for (String view : texts(statement, MISSING_VIEWS)) {
                    change(connection, view);
                }
                change(connection, GRANT);
            } finally {
                statement.execute(NEXT_ONE);
            }
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    private static boolean isWanted(Statement statement) throws SQLException {
        return texts(statement, IS_WANTED).equals(List.of("t"));
    }

    private static List<String> texts(Statement statement, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** In a transaction of its own, again where a lock was not to be had. */
    private static void change(Connection connection, String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                connection.commit();
                return;
            } catch (SQLException failure) {
                connection.rollback();
                if (attempt == ATTEMPTS || !LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                    throw failure;
                }
                pause(failure);
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void pause(SQLException failure) {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw failed(failure);
        }
    }

    private static IllegalStateException failed(SQLException failure) {
        return new IllegalStateException("cannot raise the wall between tenants: " + failure.getMessage(), failure);
    }

    /**
     * Makes the role of the query API, or gives it this password where it is there. For a role that may create roles: a
     * superuser, or one with {@code CREATEROLE}, which must then be the one that made it. Safe to call from several processes.
     *
     * @param password one or more characters; the database gets no more than its verifier
     * @throws SQLException if the database refuses
     * @throws IllegalStateException if the role is there and could pass the wall
     */
    public static void createQueryRole(DataSource database, String password) throws SQLException {
        if (password.isBlank()) {
            throw new IllegalArgumentException("the role of the query API needs a password");
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute(ONE_ROLE_AT_A_TIME);
            try {
                statement.execute(CREATE_ROLE);
                List<String> tooMuch = texts(statement, TOO_MUCH);
                if (!tooMuch.isEmpty()) {
                    throw new IllegalStateException(tooMuch.getFirst());
                }
                connection.unwrap(PGConnection.class).alterUserPassword(QUERY_ROLE, password.toCharArray(), null);
                statement.execute(SEARCH_PATH);
            } finally {
                statement.execute(NEXT_ROLE);
            }
        }
    }
}
