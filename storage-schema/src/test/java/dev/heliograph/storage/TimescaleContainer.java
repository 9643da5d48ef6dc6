package dev.heliograph.storage;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * With {@code mvn -Pcontainers}: hands every suite of a module one TimescaleDB in a container, unless the build was handed
 * a server already. Where no container engine answers it says so, and the suites name themselves as skipped.
 */
public final class TimescaleContainer implements LauncherSessionListener {
    private static final String ASKED_FOR = "heliograph.test.containers";
    private static final String IMAGE = "timescale/timescaledb:2.29.2-pg17";

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (Boolean.getBoolean(ASKED_FOR)
                && System.getProperty(TestDatabase.TIMESCALE_URL, "").isBlank()) {
            Engine.start();
        }
    }

    /** Apart, so that Testcontainers is needed only where it was asked for. */
    private static final class Engine {
        static void start() {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                System.err.println(
                        "TimescaleDB suites are not run: -Pcontainers was given, and no container engine answers.");
                return;
            }
            // Its reaper removes the container when this JVM has ended.
            PostgreSQLContainer server =
                    new PostgreSQLContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("postgres"));
            server.start();
            System.setProperty(
                    TestDatabase.TIMESCALE_URL,
                    server.getJdbcUrl() + "&user=" + server.getUsername() + "&password=" + server.getPassword());
        }
    }
}
