/** What scripts do against a running platform: get a token, call the API. */
@NullMarked
package dev.heliograph.local.client;

import org.jspecify.annotations.NullMarked;
