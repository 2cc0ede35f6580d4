/**
 * The contract that makes something a service, to be run by whoever writes one. Start with
 * {@link dev.isolated.contract.ServiceContract} and {@link dev.isolated.contract.Probe}. It needs JUnit Jupiter, AssertJ
 * and Awaitility on the test class path.
 */
@NullMarked
package dev.isolated.contract;

import org.jspecify.annotations.NullMarked;
