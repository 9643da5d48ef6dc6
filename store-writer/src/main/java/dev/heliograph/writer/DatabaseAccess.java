package dev.heliograph.writer;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the database is.
 *
 * @param url JDBC URL of PostgreSQL or TimescaleDB
 * @param username role that owns the schema, or may write to it where the writer does not migrate
 * @param password its password
 */
@ConfigurationProperties("heliograph.database")
public record DatabaseAccess(
        @DefaultValue("jdbc:postgresql://localhost:5432/heliograph")
        String url,

        @DefaultValue("heliograph") String username,
        @DefaultValue("") String password) {
    /** @throws IllegalArgumentException if the URL is not of PostgreSQL */
    public DatabaseAccess {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "heliograph.database.url must begin with jdbc:postgresql:, was " + url.replaceAll("[?].*", "?..."));
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DatabaseAccess[url=" + url.replaceAll("[?].*", "?...") + ", username=" + username + "]";
    }
}
