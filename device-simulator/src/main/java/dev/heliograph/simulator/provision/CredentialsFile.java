package dev.heliograph.simulator.provision;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps keys between runs: {@code {"devices":{"boiler-1":{"username":"demo/boiler-1","password":"..."}}}}. Readable by its owner
 * only (mode 0600) from its first byte on, and replaced as a whole, never half written.
 */
public final class CredentialsFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path path;

    /** A file that may not exist yet. */
    public CredentialsFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /**
     * What the file holds; nothing where there is none.
     *
     * @throws IOException if it cannot be read or is not such a file
     */
    public Credentials read() throws IOException {
        if (Files.notExists(path)) {
            return Credentials.NONE;
        }
        Map<DeviceId, Credential> known = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> device :
                    JSON.readTree(Files.readString(path)).path("devices").properties()) {
                JsonNode credential = device.getValue();
                known.put(
                        new DeviceId(device.getKey()),
                        new Credential(
                                credential.required("username").asString(),
                                credential.required("password").asString()));
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(path + " is no credentials file", e);
        }
        return new Credentials(known);
    }

    /** @throws IOException if it cannot be written; the old one is then still there */
    public void write(Credentials credentials) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode devices = root.putObject("devices");
        new TreeMap<>(credentials.byDevice())
                .forEach((device, credential) -> devices.putObject(device.value())
                        .put("username", credential.username())
                        .put("password", credential.password()));
        Path directory = path.getParent();
        Files.createDirectories(directory);
        Path fresh = Files.createTempFile(
                directory,
                ".credentials",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
            Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
