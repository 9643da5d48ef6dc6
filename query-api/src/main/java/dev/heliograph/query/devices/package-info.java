/** The devices of a tenant: list, detail, newest samples, registration and credentials. */
@NullMarked
package dev.heliograph.query.devices;

import org.jspecify.annotations.NullMarked;
