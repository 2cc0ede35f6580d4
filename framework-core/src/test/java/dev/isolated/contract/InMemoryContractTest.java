package dev.isolated.contract;

import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import org.junit.jupiter.api.Nested;

/** The in-memory service keeps the contract, whoever resets its slices. */
class InMemoryContractTest {

    @Nested
    class ResetInline extends InMemoryContract {
        ResetInline() {
            super(true);
        }
    }

    @Nested
    class ResetInTheBackground extends InMemoryContract {
        ResetInTheBackground() {
            super(false);
        }
    }

    abstract static class InMemoryContract extends ServiceContract<InMemory> {

        private final InMemoryService service;

        InMemoryContract(boolean inline) {
            service = new InMemoryService(inline);
        }

        @Override
        protected Service<InMemory> service() {
            return service;
        }

        @Override
        protected Server server() {
            return service.server();
        }

        @Override
        protected Probe<InMemory> probe() {
            return new InMemoryProbe(service);
        }
    }
}
