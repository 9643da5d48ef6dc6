package dev.heliograph.local.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IdentityProviderTest {
    private static final String ISSUER = "http://localhost:8080/auth";
    private static final String REDIRECT = "http://localhost:8080/auth-callback";
    private static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more-1234";
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext provider;
    private static String base;

    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @BeforeAll
    static void start() {
        provider = IdentityProviderApplication.builder()
                .run(
                        "--server.port=0",
                        "--management.server.port=-1",
                        "--heliograph.identity.issuer=" + ISSUER,
                        "--heliograph.identity.signing-key-file=" + directory.resolve("key"),
                        "--heliograph.identity.cli.secret=cli-secret",
                        "--heliograph.identity.users.operator.password=op-password",
                        "--heliograph.identity.users.operator.tenant=demo",
                        "--heliograph.identity.users.operator.roles=operator");
        int port = ((WebServerApplicationContext) provider).getWebServer().getPort();
        base = "http://localhost:" + port + "/auth";
    }

    @AfterAll
    static void stop() {
        provider.close();
    }

    @Test
    void givenDiscovery_whenAsked_thenItNamesTheIssuerAndEndpointsUnderIt() throws Exception {
        JsonNode discovery =
                JSON.readTree(get(base + "/.well-known/openid-configuration").body());

        assertThat(discovery.path("issuer").asString()).isEqualTo(ISSUER);
        assertThat(discovery.path("token_endpoint").asString()).isEqualTo(ISSUER + "/oauth2/token");
        assertThat(discovery.path("end_session_endpoint").asString()).isEqualTo(ISSUER + "/connect/logout");
    }

    @Test
    void givenCliSecret_whenTokenRequested_thenTenantAndRoleAreAsAsked() throws Exception {
        JsonNode token = cliToken("role=admin&tenant=plant-2");

        JsonNode claims = part(token.path("access_token").asString(), 1);
        assertThat(part(token.path("access_token").asString(), 0).path("typ").asString())
                .isEqualTo("at+jwt");
        assertThat(claims.path("iss").asString()).isEqualTo(ISSUER);
        assertThat(claims.path("aud").asString()).isEqualTo("heliograph-api");
        assertThat(claims.path("tenant").asString()).isEqualTo("plant-2");
        assertThat(claims.path("roles").toString()).isEqualTo("[\"admin\"]");
        assertThat(token.path("expires_in").asInt()).isBetween(3_500, 3_600);
    }

    @Test
    void givenUnknownRoleOrWrongSecret_whenTokenRequested_thenRefused() throws Exception {
        HttpResponse<String> unknownRole = tokenRequest("role=root&client_id=heliograph-cli&client_secret=cli-secret");
        HttpResponse<String> wrongSecret = tokenRequest("client_id=heliograph-cli&client_secret=guess");

        assertThat(unknownRole.statusCode()).isEqualTo(400);
        assertThat(unknownRole.body()).contains("role must be viewer, operator or admin");
        assertThat(wrongSecret.statusCode()).isEqualTo(401);
    }

    @Test
    void givenUser_whenSigningInWithPkce_thenTokensCarryTenantRolesAndName() throws Exception {
        HttpResponse<String> toLogin = get(authorize(""));
        assertThat(toLogin.statusCode()).isEqualTo(302);
        assertThat(toLogin.headers().firstValue("location").orElseThrow()).endsWith("/auth/login");
        HttpResponse<String> back = login("op-password");
        String resumed = back.headers().firstValue("location").orElseThrow();

        JsonNode tokens = exchange(get(onThisPort(resumed)));

        JsonNode claims = part(tokens.path("access_token").asString(), 1);
        assertThat(claims.path("tenant").asString()).isEqualTo("demo");
        assertThat(claims.path("roles").toString()).isEqualTo("[\"operator\"]");
        assertThat(claims.path("preferred_username").asString()).isEqualTo("operator");
        assertThat(tokens.has("refresh_token")).isFalse();
        assertThat(userInfo(tokens).path("preferred_username").asString()).isEqualTo("operator");
    }

    @Test
    void givenSignedInUser_whenAskedWithoutPrompt_thenANewCodeComesWithoutAPage() throws Exception {
        get(authorize(""));
        login("op-password");

        JsonNode tokens = exchange(get(authorize("&prompt=none")));

        assertThat(tokens.path("access_token").asString()).isNotEmpty();
    }

    @Test
    void givenNobodySignedIn_whenAskedWithoutPrompt_thenLoginRequired() throws Exception {
        HttpResponse<String> answer = get(authorize("&prompt=none"));

        assertThat(answer.headers().firstValue("location").orElseThrow()).contains("error=login_required");
    }

    @Test
    void givenWrongPassword_whenSigningIn_thenTheFormSaysSo() throws Exception {
        HttpResponse<String> answer = login("guess");

        assertThat(answer.headers().firstValue("location").orElseThrow()).endsWith("/auth/login?error");
        assertThat(get(base + "/login?error").body()).contains("User name or password is wrong.");
    }

    @Test
    void givenLoginPage_whenLoaded_thenNoScriptAndNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = get(base + "/login");

        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .doesNotContain("<script")
                .doesNotContain("http://")
                .doesNotContain("style=");
        assertThat(get(base + "/login.css").statusCode()).isEqualTo(200);
    }

    private static String authorize(String more) throws Exception {
        byte[] challenge = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
        Map<String, String> parameters = Map.of(
                "response_type", "code",
                "client_id", "heliograph-dashboard",
                "redirect_uri", REDIRECT,
                "scope", "openid profile",
                "state", "s",
                "code_challenge_method", "S256",
                "code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(challenge));
        return base + "/oauth2/authorize?" + form(parameters) + more;
    }

    private HttpResponse<String> login(String password) throws Exception {
        Matcher token = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"")
                .matcher(get(base + "/login").body());
        assertThat(token.find()).isTrue();
        Map<String, String> fields = Map.of("username", "operator", "password", password, "_csrf", token.group(1));
        return post(base + "/login", form(fields));
    }

    private JsonNode exchange(HttpResponse<String> redirect) throws Exception {
        String location = redirect.headers().firstValue("location").orElseThrow();
        assertThat(location).startsWith(REDIRECT + "?code=");
        String code = URLDecoder.decode(location.replaceAll(".*[?&]code=([^&]+).*", "$1"), StandardCharsets.UTF_8);
        Map<String, String> fields = Map.of(
                "grant_type", "authorization_code",
                "client_id", "heliograph-dashboard",
                "redirect_uri", REDIRECT,
                "code", code,
                "code_verifier", VERIFIER);
        HttpResponse<String> answer = post(base + "/oauth2/token", form(fields));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode userInfo(JsonNode tokens) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/userinfo"))
                .header("Authorization", "Bearer " + tokens.path("access_token").asString())
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode cliToken(String parameters) throws Exception {
        HttpResponse<String> answer = tokenRequest(parameters + "&client_id=heliograph-cli&client_secret=cli-secret");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> tokenRequest(String parameters) throws Exception {
        return post(base + "/oauth2/token", "grant_type=client_credentials&" + parameters);
    }

    private HttpResponse<String> get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/html")
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String url, String form) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static String onThisPort(String url) {
        return url.startsWith("/") ? base.replace("/auth", "") + url : url;
    }

    private static JsonNode part(String token, int index) {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[index]));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
