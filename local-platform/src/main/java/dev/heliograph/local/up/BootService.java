package dev.heliograph.local.up;

import java.net.URI;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** One Spring Boot application in this process, with settings of ours above its own. */
final class BootService implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private BootService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts the application on the loopback interface, without a management port. */
    static BootService run(SpringApplicationBuilder application, Map<String, String> settings) {
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        // The order of stopping is decided in one place, so no application stops itself.
        return new BootService(application
                .registerShutdownHook(false)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(arguments));
    }

    /** Where its web server listens. */
    URI address() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** A bean of the application. */
    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
