package dev.heliograph.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One platform with ten simulated devices for all tests that do not stop it. */
final class SharedPlatform implements ParameterResolver {
    private static final int DEVICES = 10;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PlatformProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The root store closes what it holds when the last test is over.
        return context.getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(PlatformProcess.class, type -> start(), PlatformProcess.class);
    }

    private static PlatformProcess start() {
        try {
            Path parent = Files.createTempDirectory("heliograph-shared");
            return PlatformProcess.start(parent.resolve("data"), DEVICES);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
