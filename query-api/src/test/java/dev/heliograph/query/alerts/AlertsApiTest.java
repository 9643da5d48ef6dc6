package dev.heliograph.query.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertsApiTest {
    private final TestApi api = TestApi.shared();

    @Test
    void givenAlerts_whenListed_thenFilteredCountedAndPaged() {
        TestRows rows = new TestRows(api.jdbc, "alerts").device("a").device("b");
        rows.alert("a", "critical", "firing");
        rows.alert("a", "warning", "firing");
        rows.alert("b", "critical", "pending");
        rows.alert("b", "info", "resolved");
        String viewer = TestTokens.of("alerts", "viewer");

        Answer open = api.get("/api/v1/alerts?limit=2", viewer);

        assertThat(open.status()).as(open.body()).isEqualTo(200);
        assertThat(open.json().path("total").asInt()).isEqualTo(3);
        assertThat(open.json().path("counts").path("critical").asInt()).isEqualTo(2);
        assertThat(open.json().path("counts").path("pending").asInt()).isEqualTo(1);
        Answer second = api.get(
                "/api/v1/alerts?limit=2&cursor="
                        + open.json().path("nextCursor").asString(),
                viewer);
        assertThat(second.json().path("items").size()).isEqualTo(1);
        assertThat(api.get("/api/v1/alerts?state=all&device=b", viewer)
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(2);
        assertThat(api.get("/api/v1/alerts?state=firing&severity=critical&acknowledged=false", viewer)
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.get("/api/v1/fleet/summary", viewer)
                        .json()
                        .path("alerts")
                        .path("critical")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.get("/api/v1/devices/a", viewer)
                        .json()
                        .path("openAlerts")
                        .path("warning")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void givenFiringAlert_whenAcknowledgedTwice_thenTheFirstStays() {
        TestRows rows = new TestRows(api.jdbc, "acknowledge").device("a");
        UUID id = rows.alert("a", "critical", "firing");
        String operator = TestTokens.of("acknowledge", "operator");
        String path = "/api/v1/alerts/" + id;
        assertThat(api.get(path, operator).json().path("allowedActions").path(0).asString())
                .isEqualTo("acknowledge");
        assertThat(api.get(path, TestTokens.of("acknowledge", "viewer"))
                        .json()
                        .path("allowedActions")
                        .size())
                .isZero();

        Answer first = api.post(path + ":acknowledge", operator, "{\"comment\":\"on my way\"}");
        Answer second = api.post(path + ":acknowledge", operator, "{}");

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(first.json().path("acknowledged").path("by").asString()).isEqualTo("ana");
        assertThat(first.json().path("comment").asString()).isEqualTo("on my way");
        assertThat(first.json().path("transitions").size()).isEqualTo(1);
        assertThat(second.json().path("acknowledged")).isEqualTo(first.json().path("acknowledged"));
        assertThat(api.post("/api/v1/alerts/" + rows.alert("a", "info", "resolved") + ":acknowledge", operator, "{}")
                        .status())
                .isEqualTo(409);
    }
}
