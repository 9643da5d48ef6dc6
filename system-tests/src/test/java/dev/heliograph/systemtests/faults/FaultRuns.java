package dev.heliograph.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heliograph.systemtests.faults.plant.Build;
import dev.heliograph.systemtests.faults.plant.Plant;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults against one plant, one after the other; then the tenant that lived through all of them; then everything read again
 * from Kafka. {@link Selection} says which.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class FaultRuns {
    // Paho prints a stack trace for every connection that is reset; held, as loggers are forgotten with their levels.
    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

    @TempDir
    static Path directory;

    private final FaultReport report;
    private final int brokers;
    private final boolean special;
    private final boolean elsewhere;
    private final @Nullable Build older;
    private final @Nullable Path databaseTree;
    private final List<Fault> faults;
    private @Nullable FaultSuite suite;

    FaultRuns(String name, int brokers, List<Fault> faults) {
        this(name, brokers, false, null, faults);
    }

    /** @param special see {@link Plant.Options}, as for {@code older} */
    FaultRuns(String name, int brokers, boolean special, @Nullable Build older, List<Fault> faults) {
        this(name, brokers, special, false, older, null, faults);
    }

    /**
     * @param special see {@link Plant.Options}, as for {@code elsewhere} and {@code older}
     * @param databaseTree as well; no server that is there is used with it
     */
    FaultRuns(
            String name,
            int brokers,
            boolean special,
            boolean elsewhere,
            @Nullable Build older,
            @Nullable Path databaseTree,
            List<Fault> faults) {
        this.report = new FaultReport(name);
        this.brokers = brokers;
        this.special = special;
        this.elsewhere = elsewhere;
        this.older = older;
        this.databaseTree = databaseTree;
        this.faults = faults;
    }

    @BeforeAll
    void start() {
        PAHO.setLevel(Level.OFF);
        report.begin();
        String url = databaseTree == null ? System.getProperty("heliograph.test.timescale.url") : null;
        Plant plant = Plant.start(directory, new Plant.Options(brokers, url, special, elsewhere, older, databaseTree));
        suite = new FaultSuite(plant, directory.resolve("load"));
    }

    Stream<Arguments> cases() {
        return Selection.wanted().of(faults, System::nanoTime).map(next -> Arguments.of(next.fault(), next.seed()));
    }

    @Order(1)
    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("cases")
    void givenLoad_whenAPartFails_thenEveryPromiseIsKept(Fault fault, long seed) throws Exception {
        FaultSuite running = suite();
        assumeTrue(Faults.isPossible(fault, running.plant()), "needs " + fault.needs());
        long started = System.nanoTime();

        FaultResult result = running.run(fault, seed);

        report.add(result, Duration.ofNanos(System.nanoTime() - started));
        assertThat(result.isKept()).as(result.describe()).isTrue();
    }

    @Order(2)
    @Test
    void givenAllFaults_whenATenantLivedThroughThem_thenItsPromisesWereKept() throws Exception {
        FaultResult result = suite().judgeCanary();

        report.add(result, Duration.ZERO);
        assertThat(result.isKept()).as(result.describe()).isTrue();
    }

    @Order(3)
    @Test
    void givenAllFaults_whenMinutesHaveClosed_thenHoursAreTheSummariesOfTheirRows() throws SQLException {
        List<String> problems = suite().problemsOfHours();

        assertThat(problems).isEmpty();
    }

    @Order(4)
    @Test
    void givenAllFaults_whenKafkaIsReadAgain_thenTheTablesAreTheSame() throws SQLException {
        assumeTrue(isAllInKafka(), "a topic was deleted");
        List<String> differences = suite().replayDifferences();

        report.replayed(differences);
        assertThat(differences).isEmpty();
    }

    /** Whether Kafka has everything that was ever stored. */
    boolean isAllInKafka() {
        return true;
    }

    @AfterAll
    void stop() {
        report.write();
        if (suite != null) {
            suite.close();
        }
    }

    private FaultSuite suite() {
        if (suite == null) {
            throw new IllegalStateException("the plant did not start");
        }
        return suite;
    }
}
