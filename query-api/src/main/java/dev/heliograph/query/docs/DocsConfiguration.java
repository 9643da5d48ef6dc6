package dev.heliograph.query.docs;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.problem.Problem;
import dev.heliograph.query.security.Caller;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
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
                                        + "the id of its request; limits are in /me.")
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

    /** Adds the problem that every operation may answer. */
    @Bean
    OpenApiCustomizer problems() {
        return api -> {
            ModelConverters.getInstance(true).read(Problem.class).forEach(api.getComponents()::addSchemas);
            ApiResponse problem = new ApiResponse()
                    .description("Refused: why, and what to quote")
                    .content(new Content()
                            .addMediaType(
                                    "application/problem+json",
                                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
            api.getPaths()
                    .values()
                    .forEach(path -> path.readOperations().forEach(operation -> add(operation, problem)));
        };
    }

    private static void add(Operation operation, ApiResponse problem) {
        operation.getResponses().addApiResponse("default", problem);
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
