package dev.heliograph.query.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.RawHttp.Exchange;
import dev.heliograph.query.testing.TestApi.Answer;
import java.util.List;

/**
 * One row of the catalogue of bad input to the API, or one of the inputs that a row names.
 *
 * @param number of the row, such as {@code R13}
 * @param what is sent
 * @param trial sends it to the running service and compares the answer
 */
record Refusal(String number, String what, Trial trial) {
    /** What no answer may hold: the inside of the service, its database, its container. */
    private static final List<String> INSIDES = List.of(
            "dev.heliograph.query",
            "org.springframework",
            "tools.jackson",
            "java.lang",
            "org.postgresql",
            "PSQLException",
            "SELECT ",
            "Tomcat",
            "\tat ");

    private static final String TYPES = "https://heliograph.dev/problems/";

    @FunctionalInterface
    interface Trial {
        void run() throws Exception;
    }

    /** A problem of the status and of the kind, with the id of the request, and nothing of the inside. */
    static void refused(Answer answer, int status, String kind) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("type").asString()).isEqualTo(TYPES + kind);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("requestId").asString()).isEqualTo(answer.header("X-Request-Id"));
        tellsNoInside(answer.body());
    }

    /** 400 that names the parameter. */
    static void refusedParameter(Answer answer, String parameter) {
        refused(answer, 400, "bad-parameter");
        assertThat(answer.json().path("errors").path(0).path("pointer").asString())
                .isEqualTo(parameter);
    }

    /** 422 that names the limit in figures. */
    static void overLimit(Answer answer) {
        refused(answer, 422, "over-limit");
        assertThat(answer.json().path("detail").asString()).containsPattern("[0-9]");
    }

    /** One answer, one of these, and the connection is closed. */
    static void closedAfter(Exchange exchange, Integer... statuses) {
        assertThat(exchange.statuses()).as(exchange.text()).hasSize(1);
        assertThat(exchange.status()).as(exchange.text()).isIn((Object[]) statuses);
        tellsNoInside(exchange.text());
    }

    static void tellsNoInside(String text) {
        assertThat(text).doesNotContain(INSIDES);
    }
}
