package dev.heliograph.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heliograph token}. */
@Command(name = "token", sortOptions = false, description = "Print an access token for scripts, good for one hour.")
final class TokenCommand implements Callable<Integer> {
    /** What a token may allow. */
    enum Role {
        viewer,
        operator,
        admin
    }

    @Option(
            names = "--role",
            defaultValue = "viewer",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Role role = Role.viewer;

    @Option(names = "--tenant", defaultValue = "demo", description = "Default: ${DEFAULT-VALUE}.")
    private String tenant = "demo";

    @Mixin
    private final DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        System.out.println(data.api(tenant, role.name()).requestToken());
        return 0;
    }
}
