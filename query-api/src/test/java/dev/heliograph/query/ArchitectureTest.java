package dev.heliograph.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.security.RequiresRole;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "dev.heliograph.query", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaMethod> OPEN_METHODS_OF_REPOSITORIES = DescribedPredicate.describe(
            "methods of Jdbc classes that others call",
            method -> method.getOwner().getSimpleName().startsWith("Jdbc")
                    && !method.getModifiers().contains(JavaModifier.PRIVATE)
                    && !method.getModifiers().contains(JavaModifier.SYNTHETIC));

    @ArchTest
    static final ArchRule EVERY_REPOSITORY_METHOD_TAKES_A_TENANT =
            methods().that(OPEN_METHODS_OF_REPOSITORIES).should(takeATenantFirst());

    /** Elsewhere there is SQL only about the platform itself. */
    @ArchTest
    static final ArchRule SQL_IS_IN_REPOSITORIES = classes()
            .that(DescribedPredicate.describe("call the store", ArchitectureTest::callsTheStore))
            .should(
                    DescribedCondition.beNamed(
                            "Jdbc.*|FleetCounts|IdempotencySweep|Outbox|OutboxRelay|AuditTrail|StoreState|StoreProbe|DatabaseConfiguration"));

    @ArchTest
    static final ArchRule EVERY_OPERATION_NAMES_A_ROLE = methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(RestController.class)
            .and()
            .areMetaAnnotatedWith(org.springframework.web.bind.annotation.RequestMapping.class)
            .and()
            .areDeclaredInClassesThat()
            .haveSimpleNameNotEndingWith("ErrorEndpoint")
            .should()
            .beAnnotatedWith(RequiresRole.class);

    @ArchTest
    static final ArchRule NO_OTHER_SERVICE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.heliograph.ingest..",
                    "dev.heliograph.stream..",
                    "dev.heliograph.writer..",
                    "dev.heliograph.simulator..",
                    "dev.heliograph.local..");

    private static boolean callsTheStore(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(JdbcClient.class)
                        && call.getTarget().getName().equals("sql"));
    }

    private static ArchCondition<JavaMethod> takeATenantFirst() {
        return new ArchCondition<>("take a TenantId first") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean holds = !method.getRawParameterTypes().isEmpty()
                        && method.getRawParameterTypes().getFirst().isEquivalentTo(TenantId.class);
                events.add(new SimpleConditionEvent(method, holds, method.getFullName()));
            }
        };
    }

    /** Conditions that ArchUnit does not have. */
    private static final class DescribedCondition {
        static ArchCondition<JavaClass> beNamed(String pattern) {
            return new ArchCondition<>("be named " + pattern) {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    String outermost = type.getName().replaceAll("\\$.*", "").replaceAll(".*\\.", "");
                    events.add(new SimpleConditionEvent(type, outermost.matches(pattern), type.getName()));
                }
            };
        }
    }
}
