package dev.heliograph.query.devices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.JdbcDevices.Place;
import dev.heliograph.query.search.Parsed;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.SearchLimits;
import dev.heliograph.query.search.SearchParser;
import dev.heliograph.storage.TenantWall;
import dev.heliograph.storage.TestDatabase;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How the database goes about pages and counts of a fleet: by the index of what is rare, never through all devices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DevicePlansTest {
    private static final int DEVICES = 50_000;
    private static final TenantId TENANT = new TenantId(LargeFleet.TENANT);
    private final DataSource database = TestDatabase.postgres();
    private final JdbcClient jdbc = JdbcClient.create(asAsked((PGSimpleDataSource) entering(database)));

    /** The role by which the database is asked. */
    DataSource entering(DataSource owner) {
        return owner;
    }

    private static DataSource asAsked(PGSimpleDataSource database) {
        database.setOptions("-c plan_cache_mode=force_custom_plan -c " + TenantWall.SETTING + "=" + LargeFleet.TENANT);
        return database;
    }

    @BeforeAll
    void fill() throws SQLException {
        LargeFleet.fill(database, DEVICES);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    -                       | ID       | device_pkey
                    -                       | ID_DESCENDING | device_pkey
                    -                       | NAME     | device_by_name
                    -                       | NAME_DESCENDING | device_by_name
                    site:site-7             | ID       | device_by_site
                    site:site-7             | STATUS   | device_by_site
                    fw:9.9                  | ID       | device_by_firmware
                    fw:9.9                  | LAST_SEEN | device_by_firmware
                    status:late             | ID       | presence_by_state
                    label.owner:o471        | ID       | device_by_label
                    a87ff679                | ID       | device_by_words
                    site:site-7 temp>90     | ID       | device_by_site
                    """)
    void givenLargeFleet_whenAPageIsRead_thenByTheIndexThatFits(@Nullable String q, DeviceSort sort, String index) {
        Map<String, Object> parameters = new HashMap<>();
        Place behind = new Place(
                sort == DeviceSort.STATUS ? "3" : sort == DeviceSort.LAST_SEEN ? "2026-01-01" : "M", "d0000100");

        String first = explain(JdbcDevices.pageSql(TENANT, search(q), sort, 101, null, parameters), parameters);
        String next = explain(JdbcDevices.pageSql(TENANT, search(q), sort, 101, behind, parameters), parameters);

        for (String plan : new String[] {first, next}) {
            assertThat(plan).contains(index).doesNotContain("Seq Scan on device", "Seq Scan on latest");
        }
    }

    /** A sort of all devices took 1.7 s of a million. */
    @ParameterizedTest
    @ValueSource(strings = {"offline", "silent", "late", "reporting"})
    void givenLargeFleet_whenAStateIsRead_thenInTheOrderOfItsIndex(String state) {
        for (String behind : new String[] {"", "d0000100"}) {
            Map<String, Object> parameters = new HashMap<>();
            int key = JdbcStatusOrder.WORST_FIRST.indexOf(state) + 1;

            String plan = explain(JdbcStatusOrder.knownSql(TENANT, key, behind, 101, parameters), parameters);

            // Of a state that most devices have, walking through all of them in the order of ids is as good.
            assertThat(plan)
                    .contains(state.equals("reporting") ? "presence_" : "presence_by_state", "device_pkey")
                    .doesNotContain("Sort", "Seq Scan");
        }
    }

    @Test
    void givenLargeFleet_whenDevicesWithoutPresenceAreLookedFor_thenNeitherAllDevicesNorAllPresencesAreRead() {
        Map<String, Object> candidatesOf = new HashMap<>();
        Map<String, Object> fewOf = new HashMap<>();
        Map<String, Object> manyOf = new HashMap<>();
        List<String> ids = List.of("d0000001", "d0000007");

        String candidates = explain(JdbcStatusOrder.candidatesSql(TENANT, "", candidatesOf), candidatesOf);
        String few = explain(JdbcStatusOrder.unknownSql(TENANT, ids, "", 101, fewOf), fewOf);
        String many =
                explain(JdbcStatusOrder.unknownSql(TENANT, Collections.nCopies(10_001, "d"), "", 101, manyOf), manyOf);

        assertThat(candidates)
                .contains("fleet_member_unknown", "device_disabled")
                .doesNotContain("Seq Scan on device", "Seq Scan on fleet_member");
        assertThat(few).contains("device_pkey").doesNotContain("Seq Scan on device", "Seq Scan on presence");
        assertThat(many).contains("device_pkey").doesNotContain("Sort");
    }

    @Test
    void givenLargeFleet_whenCounted_thenPresenceIsLeftOutWhereItDoesNotMatter() {
        Map<String, Object> parameters = new HashMap<>();

        String plan = explain(JdbcDevices.countSql(TENANT, search("site:site-7"), 10_000, parameters), parameters);

        assertThat(plan).contains("device_by_site").doesNotContain("presence");
    }

    private static Search search(@Nullable String q) {
        Parsed parsed = SearchParser.parse(q == null ? "" : q, new SearchLimits(500, 20, 100, 4));
        return ((Parsed.Good) parsed).search();
    }

    private String explain(String sql, Map<String, Object> parameters) {
        return String.join(
                "\n",
                jdbc.sql("EXPLAIN " + sql)
                        .params(parameters)
                        .query(String.class)
                        .list());
    }
}
