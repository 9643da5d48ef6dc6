package dev.heliograph.query.idempotency;

import dev.heliograph.model.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The keys of a tenant. Each statement is a transaction of its own: a claim must be seen before its request ends. */
final class JdbcIdempotency {
    // A key whose time is over is as good as none.
    private static final String CLAIM = """
            INSERT INTO idempotency_key AS known (tenant, subject, key_hash, request_hash, created_at)
            VALUES (:tenant, :subject, :key, :request, :now)
            ON CONFLICT (tenant, subject, key_hash) DO UPDATE
               SET request_hash = EXCLUDED.request_hash, created_at = EXCLUDED.created_at, status = NULL, answer = NULL
             WHERE known.created_at < :expired
            """;
    private static final String FIND = """
            SELECT request_hash, created_at, status, answer
              FROM idempotency_key
             WHERE tenant = :tenant AND subject = :subject AND key_hash = :key
            """;
    private static final String COMPLETE = """
            UPDATE idempotency_key SET status = :status, answer = :answer
             WHERE tenant = :tenant AND subject = :subject AND key_hash = :key
            """;
    private static final String DOUBT = """
            UPDATE idempotency_key SET status = :status
             WHERE tenant = :tenant AND subject = :subject AND key_hash = :key
            """;
    private static final String RELEASE = """
            DELETE FROM idempotency_key
             WHERE tenant = :tenant AND subject = :subject AND key_hash = :key AND status IS NULL
            """;
    private static final String COUNT = """
            SELECT count(*) FROM (SELECT 1 FROM idempotency_key WHERE tenant = :tenant LIMIT :most) AS counted
            """;

    private final JdbcClient jdbc;

    JdbcIdempotency(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A request that had the key before.
     *
     * @param status of its answer; null where it has not ended, or its process died
     * @param answer sealed; null where there is none that can be told again
     */
    record Earlier(
            byte[] requestHash, Instant createdAt, @Nullable Integer status, byte @Nullable [] answer) {}

    /** Takes the key for a request; false where it stands for another one. */
    boolean claim(TenantId tenant, String subject, byte[] key, byte[] request, Instant now, Duration keptFor) {
        return jdbc.sql(CLAIM)
                        .param("tenant", tenant.value())
                        .param("subject", subject)
                        .param("key", key)
                        .param("request", request)
                        .param("now", at(now))
                        .param("expired", at(now.minus(keptFor)))
                        .update()
                > 0;
    }

    Optional<Earlier> find(TenantId tenant, String subject, byte[] key) {
        return jdbc.sql(FIND)
                .param("tenant", tenant.value())
                .param("subject", subject)
                .param("key", key)
                .query((row, number) -> new Earlier(
                        row.getBytes("request_hash"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("status", Integer.class),
                        row.getBytes("answer")))
                .optional();
    }

    void complete(TenantId tenant, String subject, byte[] key, int status, byte[] answer) {
        jdbc.sql(COMPLETE)
                .param("tenant", tenant.value())
                .param("subject", subject)
                .param("key", key)
                .param("status", status)
                .param("answer", answer)
                .update();
    }

    /** Keeps the key without an answer: its request may have changed something. */
    void doubt(TenantId tenant, String subject, byte[] key, int status) {
        jdbc.sql(DOUBT)
                .param("tenant", tenant.value())
                .param("subject", subject)
                .param("key", key)
                .param("status", status)
                .update();
    }

    /** Lets the key be used again: its request changed nothing. */
    void release(TenantId tenant, String subject, byte[] key) {
        jdbc.sql(RELEASE)
                .param("tenant", tenant.value())
                .param("subject", subject)
                .param("key", key)
                .update();
    }

    /** How many keys the tenant has, counted up to a number. */
    int count(TenantId tenant, int most) {
        return jdbc.sql(COUNT)
                .param("tenant", tenant.value())
                .param("most", most)
                .query(Integer.class)
                .single();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
