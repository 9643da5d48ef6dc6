package dev.heliograph.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;

/** Services meet in the model and in the database contract, and nowhere else. */
@AnalyzeClasses(packages = "dev.heliograph", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String LOCAL = "dev.heliograph.local..";
    private static final String STREAM = "dev.heliograph.stream..";
    private static final String WRITER = "dev.heliograph.writer..";
    private static final List<String> SERVICES =
            List.of("dev.heliograph.ingest..", STREAM, WRITER, "dev.heliograph.query..", "dev.heliograph.simulator..");

    @ArchTest
    static void servicesDoNotKnowEachOther(JavaClasses classes) {
        for (String service : SERVICES) {
            // The writer is a library that runs in the stream processor's process by default.
            String[] others = SERVICES.stream()
                    .filter(other -> !other.equals(service))
                    .filter(other -> !(service.equals(STREAM) && other.equals(WRITER)))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(service)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_LOCAL_PLATFORM = noClasses()
            .that()
            .resideOutsideOfPackage(LOCAL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(LOCAL);

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NO_SERVICE_AND_NO_FRAMEWORK = noClasses()
            .that()
            .resideInAPackage("dev.heliograph.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.heliograph.storage..",
                    "dev.heliograph.ingest..",
                    STREAM,
                    WRITER,
                    "dev.heliograph.query..",
                    "dev.heliograph.simulator..",
                    LOCAL,
                    "org.springframework..",
                    "org.apache.kafka..");

    @ArchTest
    static final ArchRule ONLY_THE_WIRE_PACKAGE_KNOWS_JSON = noClasses()
            .that()
            .resideInAPackage("dev.heliograph.model..")
            .and()
            .resideOutsideOfPackage("dev.heliograph.model.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml..");

    @ArchTest
    static final ArchRule SERVICES_ARE_FREE_OF_CYCLES = SlicesRuleDefinition.slices()
            .matching("dev.heliograph.(*)..")
            .should()
            .beFreeOfCycles();
}
