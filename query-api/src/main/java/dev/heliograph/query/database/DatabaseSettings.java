package dev.heliograph.query.database;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the store is. Shared by name with the other services.
 *
 * @param url JDBC URL of PostgreSQL or TimescaleDB
 * @param username database role
 * @param password its password; empty for none
 */
@Validated
@ConfigurationProperties("heliograph.database")
public record DatabaseSettings(
        @NotBlank @DefaultValue("jdbc:postgresql://localhost:5432/heliograph")
        String url,

        @NotBlank @DefaultValue("heliograph") String username,
        @DefaultValue("") String password) {}
