package dev.heliograph.query.rate;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.problem.ProblemWriter;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.rate.Buckets.Standing;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.Callers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets users and tenants make so many requests, each instance for itself, and tells them in the header fields of
 * draft-ietf-httpapi-ratelimit-headers (version 08 and later): {@code RateLimit-Policy: "user";q=500;w=10, "tenant";...} and
 * {@code RateLimit: "user";r=499;t=1, "tenant";...}, where {@code t} is the time until the quota is whole again. Behind the
 * security filters: who has no valid token is told that, and nothing else.
 */
public final class RateLimitFilter extends OncePerRequestFilter {
    private static final String USER = "user";
    private static final String TENANT = "tenant";

    private record User(TenantId tenant, String subject) {}

    private final ProblemWriter problems;
    private final LongSupplier nanos;
    private final Buckets<User> users;
    private final Buckets<TenantId> tenants;
    private final String policy;
    private final Counter userLimited;
    private final Counter tenantLimited;

    /** Counts refusals into {@code heliograph.query.rate.limited}, by {@code scope}. */
    public RateLimitFilter(ProblemWriter problems, RateSettings settings, LongSupplier nanos, MeterRegistry meters) {
        this.problems = problems;
        this.nanos = nanos;
        this.users = new Buckets<>(new Quota(settings.userPerSecond(), settings.userBurst()), settings.maxBuckets());
        this.tenants =
                new Buckets<>(new Quota(settings.tenantPerSecond(), settings.tenantBurst()), settings.maxBuckets());
        this.policy = policy(USER, users.quota()) + ", " + policy(TENANT, tenants.quota());
        this.userLimited = limited(meters, USER);
        this.tenantLimited = limited(meters, TENANT);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Caller> caller = Callers.find();
        if (caller.isEmpty()) {
            chain.doFilter(request, response); // what needs no caller, or is refused without one
            return;
        }
        User user = new User(caller.get().tenant(), caller.get().subject());
        long now = nanos.getAsLong();
        Standing ofUser = users.take(user, now);
        Standing ofTenant = ofUser.taken() ? tenants.take(user.tenant(), now) : null;
        if (ofTenant != null && !ofTenant.taken()) {
            users.giveBack(user);
            ofUser = new Standing(true, ofUser.remaining() + 1, ofUser.resetSeconds(), 0);
        }
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader(
                "RateLimit", standing(USER, ofUser) + (ofTenant == null ? "" : ", " + standing(TENANT, ofTenant)));
        if (!ofUser.taken()) {
            userLimited.increment();
            problems.write(
                    request, response, Problems.rateLimited("You make", Duration.ofSeconds(ofUser.waitSeconds())));
        } else if (ofTenant != null && !ofTenant.taken()) {
            tenantLimited.increment();
            problems.write(
                    request,
                    response,
                    Problems.rateLimited("Your tenant makes", Duration.ofSeconds(ofTenant.waitSeconds())));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static String policy(String name, Quota quota) {
        return "\"" + name + "\";q=" + quota.burst() + ";w=" + quota.windowSeconds();
    }

    private static String standing(String name, Standing standing) {
        return "\"" + name + "\";r=" + standing.remaining() + ";t=" + standing.resetSeconds();
    }

    private static Counter limited(MeterRegistry meters, String scope) {
        return Counter.builder("heliograph.query.rate.limited")
                .description("Requests refused because a user or a tenant made too many")
                .tag("scope", scope)
                .register(meters);
    }
}
