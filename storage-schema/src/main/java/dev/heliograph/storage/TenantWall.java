package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

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

    /** The role of the query API. Made by whoever administers the database; the wall only grants. */
    public static final String QUERY_ROLE = "heliograph_query";

    private static final String RAISE = """
            DO $wall$
            DECLARE
                home text := current_schema();
                target record;
            BEGIN
                IF to_regrole('heliograph_query') IS NULL THEN
                    RETURN;
                END IF;
                PERFORM pg_advisory_xact_lock(7241005310179);
                PERFORM set_config('lock_timeout', '1s', true);
                FOR target IN
                    SELECT c.oid, c.relname,
                           CASE WHEN c.relname = 'tenant' THEN 'id' ELSE 'tenant' END AS named
                      FROM pg_class c
                     WHERE c.relnamespace = home::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'device'
                       AND (c.relname = 'tenant' OR EXISTS (
                           SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped))
                LOOP
                    IF NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = target.oid AND p.polname = 'of_the_tenant') THEN
                        EXECUTE format('CREATE POLICY of_the_platform ON %I.%I USING (true)', home, target.relname);
                        EXECUTE format('CREATE POLICY of_the_tenant ON %I.%I AS RESTRICTIVE TO heliograph_query '
                            || 'USING (%I = current_setting(''heliograph.tenant'', true)%s)',
                            home, target.relname, target.named,
                            CASE target.relname
                                -- What holds for every tenant is everybody's.
                                WHEN 'retention' THEN ' OR tenant = '''''
                                -- Those that have expired are swept out for nobody in particular; each is sealed by its key.
                                WHEN 'idempotency_key' THEN
                                    ' OR coalesce(current_setting(''heliograph.tenant'', true), '''') = '''''
                                ELSE '' END);
                        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', home, target.relname);
                    END IF;
                END LOOP;

                -- A view runs with the rights of its owner, unless it is said to run with those of whoever asks.
                IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = 'ledger_open'::regclass
                                  AND 'security_invoker=true' = ANY (c.reloptions)) THEN
                    ALTER VIEW ledger_open SET (security_invoker = true);
                END IF;

                CREATE SCHEMA IF NOT EXISTS tenant_wall;
                FOR target IN
                    SELECT c.oid, c.relname,
                           (SELECT count(*) FROM pg_attribute a
                             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
                           (SELECT count(*) FROM pg_attribute a
                             WHERE a.attrelid = to_regclass('tenant_wall.' || quote_ident(c.relname))
                               AND a.attnum > 0 AND NOT a.attisdropped) AS shown
                      FROM pg_class c
                     WHERE c.relnamespace = home::regnamespace AND c.relkind IN ('r', 'p')
                       AND (c.relname = 'device' OR EXISTS (
                           SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'series_id' AND NOT a.attisdropped))
                LOOP
                    CONTINUE WHEN target.columns = target.shown;
                    IF target.relname = 'device' THEN
                        EXECUTE format('CREATE OR REPLACE VIEW tenant_wall.device AS SELECT * FROM %I.device '
                            || 'WHERE tenant = current_setting(''heliograph.tenant'', true) WITH CHECK OPTION', home);
                    ELSE
                        EXECUTE format('CREATE OR REPLACE VIEW tenant_wall.%2$I AS SELECT t.* FROM %1$I.%2$I t '
                            || 'JOIN %1$I.series s ON s.id = t.series_id WHERE s.tenant = current_setting(''heliograph.tenant'', true)',
                            home, target.relname);
                    END IF;
                END LOOP;

                EXECUTE format('GRANT USAGE ON SCHEMA %I, tenant_wall TO heliograph_query', home);
                GRANT SELECT ON ALL TABLES IN SCHEMA tenant_wall TO heliograph_query;
                GRANT INSERT, UPDATE, DELETE ON tenant_wall.device TO heliograph_query;
                -- What people configure may be changed, and so may what a later migration brings, until it is named here.
                FOR target IN
                    SELECT c.relname,
                           CASE WHEN c.relname = 'audit' THEN 'INSERT'
                                WHEN c.relname IN ('tenant', 'correction') THEN 'SELECT, INSERT'
                                WHEN c.relname IN ('series', 'presence', 'presence_change', 'alert', 'alert_transition',
                                                   'quarantine', 'ledger', 'ledger_source', 'device_sequence', 'schema_change',
                                                   'metric_range', 'retention') THEN 'SELECT'
                                ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS may
                      FROM pg_class c
                     WHERE c.relnamespace = home::regnamespace AND c.relrowsecurity
                LOOP
                    EXECUTE format('GRANT %s ON %I.%I TO heliograph_query', target.may, home, target.relname);
                END LOOP;
                GRANT SELECT ON consumer_offset, ledger_open, flyway_schema_history TO heliograph_query;
                GRANT SELECT, INSERT, DELETE ON outbox TO heliograph_query;
                GRANT UPDATE (acknowledged_at, acknowledged_by, comment) ON alert TO heliograph_query;
                GRANT UPDATE (replayed_at, replayed_by, replay_outcome, replay_detail) ON quarantine TO heliograph_query;
            END
            $wall$
            """;

    private static final int ATTEMPTS = 60;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private TenantWall() {}

    /**
     * Raises the wall or completes it; does nothing where it stands. For the owner of the tables. Gives up waiting for a table
     * in use after a second and tries again, so that others do not queue behind it.
     */
    static void raise(DataSource database) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(RAISE);
                return;
            } catch (SQLException failure) {
                if (attempt == ATTEMPTS || !LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                    throw failed(failure);
                }
                pause(failure);
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
     * Makes the role of the query API, or gives it this password where it is there. For a superuser, in installations that
     * have nobody else to do it.
     *
     * @param password letters and digits
     * @throws SQLException if the database refuses
     */
    public static void createQueryRole(DataSource database, String password) throws SQLException {
        if (!password.matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("the password must consist of letters and digits");
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    DO $role$
                    BEGIN
                        PERFORM pg_advisory_xact_lock(7241005310178);
                        IF to_regrole('heliograph_query') IS NULL THEN
                            CREATE ROLE heliograph_query;
                        END IF;
                        ALTER ROLE heliograph_query LOGIN PASSWORD '%s' NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
                        ALTER ROLE heliograph_query SET search_path = tenant_wall, public;
                    END
                    $role$
                    """.formatted(password));
        }
    }
}
