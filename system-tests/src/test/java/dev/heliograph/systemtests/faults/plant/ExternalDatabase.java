package dev.heliograph.systemtests.faults.plant;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** A fresh database on a server that somebody else runs, such as TimescaleDB: its connections can fail, it cannot be killed. */
final class ExternalDatabase implements Database {
    private final String adminUrl;
    private final URI address;
    private final Map<String, String> parameters;
    private final String name = "faults_" + UUID.randomUUID().toString().replace("-", "");

    /** @param url {@code jdbc:postgresql://host:port/database?user=...&password=...} of a superuser */
    ExternalDatabase(String url) {
        this.adminUrl = url;
        this.address = URI.create(url.substring("jdbc:".length()));
        String query = address.getQuery() == null ? "" : address.getQuery();
        this.parameters = Arrays.stream(query.split("&"))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        administer("CREATE DATABASE " + name);
    }

    @Override
    public int port() {
        return address.getPort();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String username() {
        return parameters.getOrDefault("user", "postgres");
    }

    @Override
    public String password() {
        return parameters.getOrDefault("password", "");
    }

    @Override
    public boolean isOurs() {
        return false;
    }

    @Override
    public void kill() {
        throw new UnsupportedOperationException("the server is not ours");
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException("the server is not ours");
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public void addStandby(boolean synchronous) {
        throw new UnsupportedOperationException("the server is not ours");
    }

    @Override
    public void holdReplication() {
        throw new UnsupportedOperationException("the server is not ours");
    }

    @Override
    public void failOver() {
        throw new UnsupportedOperationException("the server is not ours");
    }

    @Override
    public void close() {
        administer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private void administer(String sql) {
        try (Connection connection = DriverManager.getConnection(adminUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot run " + sql.replaceAll(name, "..."), failure);
        }
    }
}
