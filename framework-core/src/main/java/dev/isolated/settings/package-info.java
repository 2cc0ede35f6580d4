/**
 * The one immutable settings value. Start with {@link dev.isolated.settings.Settings} and
 * {@link dev.isolated.settings.Keys}.
 */
@NullMarked
package dev.isolated.settings;

import org.jspecify.annotations.NullMarked;
