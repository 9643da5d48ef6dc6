package dev.heliograph.query.idempotency;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An operation that takes an {@code Idempotency-Key}: sent again with the same key it takes effect once, and is answered as
 * the first time. For what creates or changes something; not for streams or answers of any size, because the answer is kept.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Repeatable {
    /** Name of the request header. */
    String HEADER = "Idempotency-Key";

    /** Name of the header that marks an answer as that of an earlier request. */
    String REPLAYED = "Idempotent-Replayed";
}
