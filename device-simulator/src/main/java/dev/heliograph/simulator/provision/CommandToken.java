package dev.heliograph.simulator.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** An access token that a command prints, such as {@code ./heliograph token --role admin}. Run by the shell, at every call. */
public record CommandToken(String command) implements Supplier<String> {
    /** @throws ProvisioningException if the command fails or prints nothing */
    @Override
    public String get() {
        try {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            if (exit != 0 || printed.isEmpty()) {
                throw new ProvisioningException("the token command ended with " + exit + " and printed "
                        + (printed.isEmpty() ? "nothing" : "something"));
            }
            return printed;
        } catch (IOException e) {
            throw new ProvisioningException("the token command cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningException("the token command was interrupted", e);
        }
    }
}
