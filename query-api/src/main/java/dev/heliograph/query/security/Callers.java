package dev.heliograph.query.security;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.problem.Problems;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Hands the {@link Caller} to the operations that ask for one. */
public final class Callers implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Caller resolveArgument(
            MethodParameter parameter,
            @org.jspecify.annotations.Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @org.jspecify.annotations.Nullable WebDataBinderFactory binders) {
        return current();
    }

    private static final ScopedValue<TenantId> ACTING_FOR = ScopedValue.newInstance();

    /**
     * The tenant of the request that this thread answers, or the one for which it works; empty on every other thread and
     * before a token is verified.
     */
    public static Optional<String> tenant() {
        return ACTING_FOR.isBound()
                ? Optional.of(ACTING_FOR.get().value())
                : find().map(caller -> caller.tenant().value());
    }

    /**
     * Does something for a tenant on a thread that answers no request, such as reading what all its viewers will be told: the
     * database shows it the rows of this tenant only.
     */
    public static <T> T actingFor(TenantId tenant, Supplier<T> work) {
        return ScopedValue.where(ACTING_FOR, tenant).call(work::get);
    }

    /**
     * The caller of the current request.
     *
     * @throws dev.heliograph.query.problem.ProblemException 403 where the token names no tenant or no role
     */
    static Caller current() {
        return find().orElseThrow(() -> Problems.forbidden("The token names no tenant or no role."));
    }

    /** The caller of the current request; empty for nobody, and for a token that names no tenant or no role. */
    public static Optional<Caller> find() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication authentication
                ? Optional.ofNullable(authentication.caller())
                : Optional.empty();
    }
}
