package dev.heliograph.query.me;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires {@code /me}. */
@Configuration(proxyBeanMethods = false)
@Import(MeController.class)
public class MeConfiguration {}
