package dev.heliograph.query.security;

import dev.heliograph.query.problem.Problems;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets an operation run only for a caller whose role includes the one that it is marked with; unmarked ones are not there. */
public final class RoleInterceptor implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.ERROR || !(handler instanceof HandlerMethod method)) {
            return true;
        }
        if (!method.getBeanType().getName().startsWith("dev.heliograph.")) {
            return true; // the description of the interface, which the filter chain opens to everybody
        }
        RequiresRole rule = method.getMethodAnnotation(RequiresRole.class);
        if (rule == null) {
            throw Problems.notFound();
        }
        if (!Callers.current().role().includes(rule.value())) {
            throw Problems.forbidden("This needs the role " + rule.value().claim() + ".");
        }
        return true;
    }
}
