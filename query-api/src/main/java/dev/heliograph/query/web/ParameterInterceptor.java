package dev.heliograph.query.web;

import dev.heliograph.query.problem.Problems;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that an operation does not have, and single ones given twice: a misspelt filter that is ignored
 * would show everything as if it were the selection.
 */
final class ParameterInterceptor implements HandlerInterceptor {
    private static final int MAX_VALUE = 2_000;

    private final Map<HandlerMethod, Map<String, Boolean>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.ERROR
                || !(handler instanceof HandlerMethod method)
                || !method.getBeanType().getName().startsWith("dev.heliograph.")) {
            return true;
        }
        Map<String, Boolean> repeatable = known.computeIfAbsent(method.createWithResolvedBean(), this::parameters);
        request.getParameterMap().forEach((name, values) -> check(repeatable, name, values));
        return true;
    }

    private static void check(Map<String, Boolean> repeatable, String name, String[] values) {
        @Nullable Boolean many = repeatable.get(name);
        if (many == null) {
            String shown = name.length() <= 64 ? name : name.substring(0, 64);
            throw Problems.badParameter(shown, "is not a parameter of this operation");
        }
        if (!many && values.length > 1) {
            throw Problems.badParameter(name, "may be given once");
        }
        for (String value : values) {
            if (value.length() > MAX_VALUE || value.indexOf('\0') >= 0) {
                throw Problems.badParameter(name, "must be text of at most " + MAX_VALUE + " characters");
            }
        }
    }

    private Map<String, Boolean> parameters(HandlerMethod method) {
        return Stream.of(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .collect(Collectors.toMap(
                        ParameterInterceptor::name,
                        parameter -> Collection.class.isAssignableFrom(parameter.getParameterType())));
    }

    private static String name(MethodParameter parameter) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        if (annotation != null && !annotation.name().isEmpty()) {
            return annotation.name();
        }
        String name = parameter.getParameter().getName();
        return name;
    }
}
