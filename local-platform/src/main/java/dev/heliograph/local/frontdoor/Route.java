package dev.heliograph.local.frontdoor;

/** What lies behind the front door, in the order in which paths are matched. */
public enum Route {
    /** Readings over HTTP: the gateway. */
    TELEMETRY("/api/v1/telemetry", "the gateway"),
    /** REST and live events: the API. */
    API("/api", "the API"),
    /** Sign-in: the identity provider. */
    IDENTITY("/auth", "sign-in");

    private final String path;
    private final String title;

    Route(String path, String title) {
        this.path = path;
        this.title = title;
    }

    /** Words for a person. */
    String title() {
        return title;
    }

    boolean matches(String requestPath) {
        return requestPath.equals(path) || requestPath.startsWith(path + "/");
    }
}
