package dev.heliograph.query.security;

import dev.heliograph.query.problem.Problems;
import java.util.Optional;
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

    /** The tenant of the request that this thread answers; empty on every other thread and before its token is verified. */
    public static Optional<String> tenant() {
        return find().map(caller -> caller.tenant().value());
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
