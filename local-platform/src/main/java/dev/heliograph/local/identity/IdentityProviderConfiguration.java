package dev.heliograph.local.identity;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;

/** Wires the authorization server, its clients and its users. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties(IdentityProviderSettings.class)
class IdentityProviderConfiguration {
    /** Passwords are made up and 59 bits or longer here; the work factor is for those that somebody chose. */
    private static final int BCRYPT_STRENGTH = 8;

    @Bean
    @Order(1)
    SecurityFilterChain protocolEndpoints(HttpSecurity http, IdentityProviderSettings settings) throws Exception {
        OAuth2AuthorizationServerConfigurer server = new OAuth2AuthorizationServerConfigurer();
        http.securityMatcher(server.getEndpointsMatcher())
                .with(server, configurer -> configurer.oidc(Customizer.withDefaults()))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(failures -> failures.defaultAuthenticationEntryPointFor(
                        new SignInEntryPoint(), new MediaTypeRequestMatcher(MediaType.TEXT_HTML)));
        return secure(http, settings).build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain pages(HttpSecurity http, IdentityProviderSettings settings) throws Exception {
        http.authorizeHttpRequests(requests -> requests.requestMatchers("/login", "/login.css", "/error")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(login -> login.loginPage("/login").permitAll())
                .logout(logout -> logout.logoutSuccessUrl("/login?logout"));
        return secure(http, settings).build();
    }

    private static HttpSecurity secure(HttpSecurity http, IdentityProviderSettings settings) throws Exception {
        return http.headers(headers -> headers.contentSecurityPolicy(
                        policy -> policy.policyDirectives(contentSecurityPolicy(settings)))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                .frameOptions(frames -> frames.deny()));
    }

    /** The form's answer redirects to the dashboard, which a browser counts as a form action too. */
    private static String contentSecurityPolicy(IdentityProviderSettings settings) {
        String actions = Stream.concat(
                        Stream.of("'self'"),
                        settings.dashboardRedirectUris().stream().map(IdentityProviderConfiguration::origin))
                .distinct()
                .collect(Collectors.joining(" "));
        return "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "
                + actions;
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings(IdentityProviderSettings settings) {
        return AuthorizationServerSettings.builder()
                .issuer(settings.issuer().toString())
                .build();
    }

    @Bean
    JWKSource<SecurityContext> signingKeys(IdentityProviderSettings settings) {
        return new ImmutableJWKSet<>(new JWKSet(SigningKey.in(settings.signingKeyFile())));
    }

    /** For the endpoints that take our own tokens back, user info for one. */
    @Bean
    JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys, IdentityProviderSettings settings) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys).build();
        decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(
                new JwtIssuerValidator(settings.issuer().toString()), new JwtTypeValidator("at+jwt")));
        return decoder;
    }

    @Bean
    TokenClaims tokenClaims(IdentityProviderSettings settings) {
        return new TokenClaims(settings);
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder(BCRYPT_STRENGTH);
    }

    @Bean
    UserDetailsService users(IdentityProviderSettings settings, PasswordEncoder encoder) {
        List<UserDetails> users = settings.users().entrySet().stream()
                .map(entry -> User.withUsername(entry.getKey())
                        .password(encoder.encode(entry.getValue().passwordValue(entry.getKey())))
                        .roles(entry.getValue().roles().toArray(String[]::new))
                        .build())
                .toList();
        return new InMemoryUserDetailsManager(users);
    }

    @Bean
    RegisteredClientRepository clients(IdentityProviderSettings settings, PasswordEncoder encoder) {
        List<RegisteredClient> clients = new ArrayList<>();
        clients.add(dashboard(settings));
        IdentityProviderSettings.Cli cli = settings.cli();
        if (cli != null) {
            clients.add(cli(settings, encoder.encode(cli.secretValue())));
        }
        return new InMemoryRegisteredClientRepository(clients);
    }

    /** Plain HTTP on a laptop must work; behind HTTPS the session never leaves it. */
    @Bean
    ServletContextInitializer sessionCookie(IdentityProviderSettings settings) {
        return context -> context.getSessionCookieConfig()
                .setSecure("https".equals(settings.issuer().getScheme()));
    }

    private static RegisteredClient dashboard(IdentityProviderSettings settings) {
        RegisteredClient.Builder client = RegisteredClient.withId(idOf("heliograph-dashboard"))
                .clientId("heliograph-dashboard")
                .clientName("Heliograph dashboard")
                .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .scope(OidcScopes.OPENID)
                .scope(OidcScopes.PROFILE)
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false)
                        .build())
                .tokenSettings(lifetime(settings.accessTokenLifetime()));
        for (URI redirect : settings.dashboardRedirectUris()) {
            client.redirectUri(redirect.toString());
            client.postLogoutRedirectUri(origin(redirect) + "/");
            client.postLogoutRedirectUri(origin(redirect));
        }
        return client.build();
    }

    private static RegisteredClient cli(IdentityProviderSettings settings, String encodedSecret) {
        return RegisteredClient.withId(idOf("heliograph-cli"))
                .clientId("heliograph-cli")
                .clientName("Heliograph command line")
                .clientSecret(encodedSecret)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenSettings(lifetime(settings.accessTokenLifetime()))
                .build();
    }

    private static TokenSettings lifetime(Duration accessToken) {
        return TokenSettings.builder().accessTokenTimeToLive(accessToken).build();
    }

    private static String idOf(String clientId) {
        return UUID.nameUUIDFromBytes(clientId.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
