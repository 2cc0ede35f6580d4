package dev.isolated.spi;

import dev.isolated.settings.Settings;

/**
 * What the slices that a service is asked for shall be like.
 *
 * @param mode one of the service's isolation modes
 * @param run names this run on the server, so that what a dead run left can be told from what a live one holds
 */
public record Plan(String mode, Settings settings, String run) {}
