package dev.heliograph.query.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.storage.TestDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What the store finds for a search, against what a plain walk over the same devices finds. */
class SearchSqlTest {
    private static final int SEARCHES = Integer.getInteger("heliograph.test.searches", 2_000);
    private static final NaiveFleet FLEET = new NaiveFleet(5, 150);
    private static final JdbcClient JDBC = JdbcClient.create(oneConnection());

    // A connection for each of thousands of statements would take most of the time.
    private static DataSource oneConnection() {
        try {
            return new SingleConnectionDataSource(TestDatabase.postgres().getConnection(), true);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @BeforeAll
    static void fill() {
        FLEET.store(JDBC, "mine");
        // Another tenant with the same ids, and everything else at random: none of it may count.
        new NaiveFleet(6, 150).store(JDBC, "other");
    }

    @Test
    void givenRandomSearches_whenAskedOfTheStore_thenItFindsWhatAPlainWalkFinds() {
        RandomSearches searches = new RandomSearches(7);
        int found = 0;
        int narrowed = 0;
        for (int i = 0; i < SEARCHES; i++) {
            Search search = searches.next();
            List<String> expected = FLEET.devices.stream()
                    .filter(device -> device.isFoundBy(search))
                    .map(NaiveDevice::id)
                    .toList();

            assertThat(find(search)).as(search.written()).isEqualTo(expected);
            found += expected.isEmpty() ? 0 : 1;
            narrowed += expected.size() < FLEET.devices.size() ? 1 : 0;
        }
        assertThat(found).as("searches that find something").isGreaterThan(SEARCHES / 3);
        assertThat(narrowed).as("searches that leave something out").isGreaterThan(SEARCHES / 2);
    }

    @Test
    void givenTextThatLooksLikeSql_whenAsked_thenItIsOnlyText() {
        for (String text : List.of("' OR 1=1 --", "$1", ":tenant", "\\", "%", "_", "?", "'; DROP TABLE device; --")) {
            for (Search search : List.of(
                    new Search(List.of(new Term.Word(false, new TextMatch(TextMatch.Kind.PLAIN, text)))),
                    new Search(List.of(Term.Attribute.of(Field.Known.TYPE, text))),
                    new Search(List.of(Term.Attribute.of(new Field.Label(text), text))))) {
                List<String> expected = FLEET.devices.stream()
                        .filter(device -> device.isFoundBy(search))
                        .map(NaiveDevice::id)
                        .toList();

                assertThat(find(search)).as(search.written()).isEqualTo(expected);
                assertThat(SearchSql.conditions(search, new HashMap<>())).doesNotContain(text + "'", "DROP");
            }
        }
    }

    private static List<String> find(Search search) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", "mine");
        return JDBC.sql("SELECT d.id FROM device d LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id "
                        + "WHERE d.tenant = :tenant" + SearchSql.conditions(search, parameters) + " ORDER BY d.id")
                .params(parameters)
                .query(String.class)
                .list();
    }
}
