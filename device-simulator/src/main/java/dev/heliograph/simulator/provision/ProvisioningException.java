package dev.heliograph.simulator.provision;

/** The registry did not do what was asked. */
public final class ProvisioningException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was asked and what was answered; never a key or a token */
    public ProvisioningException(String message) {
        super(message);
    }

    /** @param cause why there was no answer */
    public ProvisioningException(String message, Throwable cause) {
        super(message, cause);
    }
}
