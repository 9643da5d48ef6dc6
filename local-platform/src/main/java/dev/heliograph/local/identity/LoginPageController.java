package dev.heliograph.local.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The sign-in page: one form, one style sheet of its own, nothing from elsewhere and no script. */
@RestController
class LoginPageController {
    private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);
    private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Sign in · Heliograph</title>
            <link rel="stylesheet" href="%1$s/login.css">
            </head>
            <body>
            <main>
            <h1>Heliograph</h1>
            %2$s
            <form method="post" action="%1$s/login">
            <label for="username">User name</label>
            <input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required>
            <input type="hidden" name="%3$s" value="%4$s">
            <button type="submit">Sign in</button>
            </form>
            <p class="hint">Demo users: viewer, operator, admin. Their passwords were printed when Heliograph started.</p>
            </main>
            </body>
            </html>
            """;

    private final String styles;

    LoginPageController() throws IOException {
        styles = new ClassPathResource("identity/login.css").getContentAsString(StandardCharsets.UTF_8);
    }

    @GetMapping("/login")
    ResponseEntity<String> page(
            HttpServletRequest request,
            CsrfToken csrf,
            @RequestParam(required = false) @Nullable String error,
            @RequestParam(required = false) @Nullable String logout) {
        String message = "";
        if (error != null) {
            message = "<p class=\"error\" role=\"alert\">User name or password is wrong.</p>";
        } else if (logout != null) {
            message = "<p class=\"note\" role=\"status\">You are signed out.</p>";
        }
        String body = PAGE.formatted(
                request.getContextPath(),
                message,
                HtmlUtils.htmlEscape(csrf.getParameterName()),
                HtmlUtils.htmlEscape(csrf.getToken()));
        return ResponseEntity.ok()
                .contentType(HTML)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }

    @GetMapping("/login.css")
    ResponseEntity<String> styles() {
        return ResponseEntity.ok()
                .contentType(CSS)
                .cacheControl(CacheControl.noCache())
                .body(styles);
    }
}
