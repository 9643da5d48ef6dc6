package dev.heliograph.stream;

import dev.heliograph.writer.WriterConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The writer in the same process, unless {@code heliograph.writer.enabled} is false: then it is a deployment of its own. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "heliograph.writer.enabled", matchIfMissing = true)
@Import(WriterConfiguration.class)
class WriterImport {}
