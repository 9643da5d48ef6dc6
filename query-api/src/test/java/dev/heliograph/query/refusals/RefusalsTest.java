package dev.heliograph.query.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The catalogue of what callers of the API send that they should not, R1 to R40, row by row against the running service. Where
 * another part of the platform answers, or another test shows it better, the row names the test that does.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RefusalsTest {
    private static final int ROWS = 40;
    private static final int STREAMS = 3;
    private static final int RULES = 10;

    private static final TestApi API = TestApi.behindTheWall(
            TestDatabase.postgres(),
            "--server.tomcat.connection-timeout=3s",
            "--heliograph.query.limits.body-time=3s",
            "--heliograph.query.limits.max-rules=" + RULES,
            "--heliograph.query.stream.connections-per-user=" + STREAMS);

    /**
     * A row or a part of one that is proved elsewhere.
     *
     * @param file below the root of the repository
     * @param proof text of the file that does it
     */
    private record Elsewhere(String number, String part, String file, String proof) {}

    private static final List<Elsewhere> ELSEWHERE = List.of(
            new Elsewhere(
                    "R7",
                    "every operation and every kind of name",
                    "query-api/src/test/java/dev/heliograph/query/isolation/IsolationMatrixTest.java",
                    "class IsolationMatrixTest"),
            new Elsewhere(
                    "R18",
                    "bodies at the ingress",
                    "deploy/helm/heliograph/templates/network/ingress.yaml",
                    "proxy-body-size: 2m"),
            new Elsewhere(
                    "R25",
                    "a reader of the stream that takes nothing",
                    "query-api/src/test/java/dev/heliograph/query/stream/LiveKafkaIT.java",
                    "givenStalledReader_whenMuchIsPublished_thenItIsClosedAndTheOthersMissNothing"),
            new Elsewhere(
                    "R30",
                    "positions that are old, cut or another tenant's",
                    "query-api/src/test/java/dev/heliograph/query/stream/LiveKafkaIT.java",
                    "givenUnknownForeignOrOldPosition_whenResumed_thenResetAndThenLive"),
            new Elsewhere(
                    "R31",
                    "a client that never reads",
                    "query-api/src/test/java/dev/heliograph/query/stream/LiveKafkaIT.java",
                    "givenStalledReader_whenMuchIsPublished_thenItIsClosedAndTheOthersMissNothing"),
            new Elsewhere(
                    "R32",
                    "line breaks in what is told",
                    "query-api/src/test/java/dev/heliograph/query/stream/LiveKafkaIT.java",
                    "a \\\"b\\\"\\n"),
            new Elsewhere(
                    "R35",
                    "links on the dashboard",
                    "query-api/src/main/java/dev/heliograph/query/rules/RuleDraft.java",
                    "isWebAddress"),
            new Elsewhere(
                    "R36",
                    "the management port has health and numbers only",
                    "query-api/src/test/java/dev/heliograph/query/ManagementTest.java",
                    "/actuator/heapdump"),
            new Elsewhere(
                    "R36",
                    "no route from outside leads to it",
                    "deploy/helm/heliograph/templates/network/ingress.yaml",
                    "{path: /api, type: Prefix, service: query, port: 8080}"));

    @AfterAll
    static void stop() {
        API.close();
    }

    @TestFactory
    Stream<DynamicContainer> givenTheCatalogue_whenEachRowIsSent_thenItIsAnsweredAsTheCatalogueSays()
            throws JOSEException {
        List<Refusal> rows = new ArrayList<>();
        rows.addAll(new DoorRefusals(API).rows());
        rows.addAll(new QueryRefusals(API).rows());
        rows.addAll(new BodyRefusals(API).rows());
        rows.addAll(new WireRefusals(API).rows());
        rows.addAll(new StreamRefusals(API, STREAMS).rows());
        rows.add(new Refusal("R33", "more rules than a tenant may have", RefusalsTest::tooManyRules));
        ELSEWHERE.forEach(one -> rows.add(new Refusal(one.number(), one.part(), () -> check(one))));

        TreeMap<Integer, List<Refusal>> byNumber = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> Integer.parseInt(row.number().substring(1)), TreeMap::new, Collectors.toList()));
        assertThat(byNumber.keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
        return byNumber.entrySet().stream()
                .sorted(Comparator.comparing(java.util.Map.Entry::getKey))
                .map(row -> DynamicContainer.dynamicContainer(
                        "R" + row.getKey(),
                        row.getValue().stream()
                                .map(one -> DynamicTest.dynamicTest(
                                        one.number() + " " + one.what(),
                                        () -> one.trial().run()))));
    }

    private static void check(Elsewhere one) throws IOException {
        assertThat(Files.readString(Path.of("..", one.file().split("/")))).contains(one.proof());
    }

    private static void tooManyRules() {
        String operator = TestTokens.of("refused-full", "operator");
        String rule = "{\"name\":\"x\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}";
        for (int i = 0; i < RULES; i++) {
            assertThat(API.post("/api/v1/rules", operator, rule).status()).isEqualTo(201);
        }
        Refusal.overLimit(API.post("/api/v1/rules", operator, rule));
    }
}
