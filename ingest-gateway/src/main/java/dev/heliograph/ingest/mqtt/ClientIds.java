package dev.heliograph.ingest.mqtt;

import dev.heliograph.model.id.DeviceKey;

/**
 * The rule that binds a client id to the credentials: {@code device}, {@code tenant/device}, or {@code device:anything} for
 * further connections of the same device. A client id only ever replaces a connection of the same device, so nobody can
 * push another device off by taking its name.
 */
final class ClientIds {
    static final int MAX_LENGTH = 256;

    private ClientIds() {}

    /** Whether the device may call itself so. The empty id is not asked for here: it gets {@link #assigned one}. */
    static boolean isOwn(String clientId, DeviceKey principal) {
        String device = principal.device().value();
        return clientId.length() <= MAX_LENGTH
                && (clientId.equals(device)
                        || clientId.startsWith(device + ":")
                        || clientId.equals(principal.toString()));
    }

    /**
     * The id of a device that connects by its key alone, and so cannot know what an id may be: its own choice, kept apart
     * from the ids of all other devices.
     */
    static String scoped(String clientId, DeviceKey principal) {
        return isOwn(clientId, principal) ? clientId : principal.device().value() + ":" + clientId;
    }

    /** An id for a device that leaves the choice to the server. */
    static String assigned(DeviceKey principal, long connectionNumber) {
        return principal.device().value() + ":auto-" + Long.toString(connectionNumber, 36);
    }
}
