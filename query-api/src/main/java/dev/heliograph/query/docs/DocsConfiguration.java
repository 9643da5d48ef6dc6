package dev.heliograph.query.docs;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Describes what the code alone does not say, and serves the page at {@code /api/docs} from this jar. */
@Configuration(proxyBeanMethods = false)
public class DocsConfiguration implements WebMvcConfigurer {
    private static final String SCHEME = "token";
    private static final String SLUG = "[a-z0-9][a-z0-9_-]{0,63}";

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class)
                .replaceWithSchema(DeviceId.class, new StringSchema().pattern(SLUG))
                .replaceWithSchema(SiteId.class, new StringSchema().pattern(SLUG))
                .replaceWithSchema(MetricName.class, new StringSchema().pattern("[A-Za-z][A-Za-z0-9_.-]{0,63}"));
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Heliograph API")
                        .version("v1")
                        .description(
                                "Devices, what they measure, alerts and rules. Every refusal is an RFC 9457 problem with "
                                        + "the id of its request; what is no HTTP that the service reads is refused by "
                                        + "problems named `http-` and their status. Limits are in /me.\n\n"
                                        + "Within v1 the interface only grows: pass over fields, words of closed sets, "
                                        + "kinds of problems and events that you do not know.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .servers(List.of(new Server().url("/")))
                .addSecurityItem(new SecurityRequirement().addList(SCHEME))
                .components(new Components()
                        .addSecuritySchemes(
                                SCHEME,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")));
    }

    @Bean
    ModelConverter schemaSources() {
        return SchemaSources.SHARED;
    }

    /** The role that it needs belongs to what an operation says. */
    @Bean
    OperationCustomizer roles() {
        return (operation, method) -> {
            RequiresRole role = method.getMethodAnnotation(RequiresRole.class);
            if (role != null) {
                String needed = "Needs the role " + role.value().claim() + ".";
                String said = operation.getDescription();
                operation.setDescription(said == null ? needed : said + " " + needed);
            }
            return operation;
        };
    }

    @Bean
    OperationCustomizer idempotencyKeys() {
        return (operation, method) -> method.hasMethodAnnotation(Repeatable.class)
                ? operation.addParametersItem(new HeaderParameter()
                        .name(Repeatable.HEADER)
                        .required(false)
                        .schema(new StringSchema()))
                : operation;
    }

    /** What the code alone does not say: meanings, statuses, examples, refusals. */
    @Bean
    OpenApiCustomizer contract() {
        ContractText text = new ContractText();
        return api -> {
            new OperationContract(text).applyTo(api);
            new ProblemContract(text).applyTo(api);
            new SchemaContract(text, SchemaSources.SHARED).applyTo(api);
        };
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/api/docs/ui/**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/swagger-ui/" + SwaggerUi.version() + "/");
        registry.addResourceHandler("/api/docs/**").addResourceLocations("classpath:/heliograph-api-docs/");
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/api/docs").setViewName("forward:/api/docs/index.html");
    }
}
