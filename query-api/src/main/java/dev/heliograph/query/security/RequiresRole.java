package dev.heliograph.query.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The role that an operation needs. It is on the method that answers rather than in a list of paths, so that no spelling of
 * a path can reach an operation by another rule. An operation without it answers nobody.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresRole {
    /** The least role. */
    Role value();
}
