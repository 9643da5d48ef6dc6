package dev.heliograph.query.security;

import dev.heliograph.model.id.TenantId;
import java.time.Instant;

/**
 * Who calls, by a token that was verified.
 *
 * @param subject the stable id at the identity provider
 * @param name what people call it
 * @param tenant whose data it may see
 * @param role the highest of its roles
 * @param expiresAt when the token ends
 */
public record Caller(String subject, String name, TenantId tenant, Role role, Instant expiresAt) {}
