package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DataSearchTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final String RANGE = "from=2026-03-01T10:00:00Z&to=2026-03-01T11:00:00Z";

    private final TestApi api = TestApi.shared();
    private final String viewer = TestTokens.of("data-search", "viewer");

    @Test
    void givenSearchOfDevices_whenDataIsAsked_thenItIsOfThoseThatItFinds() {
        TestRows rows = new TestRows(api.jdbc, "data-search");
        for (int i = 0; i < 4; i++) {
            int series = rows.device("d" + i).series("d" + i, "t", "number");
            rows.measurement(series, START.plusSeconds(60), i);
            api.jdbc
                    .sql("INSERT INTO latest (series_id, ts, value, received_at) VALUES (:s, now(), :v, now())")
                    .param("s", series)
                    .param("v", i)
                    .update();
        }
        api.jdbc
                .sql("INSERT INTO presence (tenant, device, state, since) VALUES ('data-search', 'd3', 'late', now())")
                .update();

        Answer each = api.get("/api/v1/data?" + RANGE + "&q=t%3E0%20-status:late&format=csv&bucket=all", viewer);
        Answer sum = api.post(
                "/api/v1/data:query",
                viewer,
                "{\"q\":\"t>0\",\"from\":\"2026-03-01T10:00:00Z\",\"to\":\"2026-03-01T11:00:00Z\",\"bucket\":\"all\","
                        + "\"groupBy\":[\"type\"],\"aggregate\":[\"sum\"]}");

        assertThat(each.body().lines().skip(1).map(line -> line.substring(0, 2)))
                .containsExactly("d1", "d2");
        assertThat(sum.body()).contains("\"sum\":[6.0]");
    }

    @Test
    void givenSearchThatMakesNoSense_whenDataIsAsked_then400SaysWhere() {
        Answer refused = api.get("/api/v1/data?" + RANGE + "&q=site:", viewer);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors").path(0).path("position").asInt())
                .isEqualTo(5);
    }
}
