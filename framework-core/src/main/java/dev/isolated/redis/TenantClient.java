package dev.isolated.redis;

import dev.isolated.spi.Tenant;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.resource.ClientResources;
import java.util.Collection;

/** A Lettuce client whose connections know whose they are: what is sent too late is refused, and the test is named. Thread-safe. */
final class TenantClient extends RedisClient {

    private final Tenant tenant;

    TenantClient(Tenant tenant, Login login) {
        super(Clients.resources(), login.uri());
        this.tenant = tenant;
        setOptions(Clients.options(login.endpoint()));
    }

    @Override
    protected DefaultEndpoint createEndpoint() {
        return new TenantEndpoint(getOptions(), getResources(), new Admission(tenant));
    }

    @Override
    protected <K, V> PubSubEndpoint<K, V> createPubSubEndpoint() {
        return new TenantPubSubEndpoint<>(getOptions(), getResources(), new Admission(tenant));
    }

    /** Where the commands of a connection go on their way to the server. */
    private static final class TenantEndpoint extends DefaultEndpoint {

        private final Admission admission;

        TenantEndpoint(ClientOptions options, ClientResources resources, Admission admission) {
            super(options, resources);
            this.admission = admission;
        }

        @Override
        public <K, V, T> RedisCommand<K, V, T> write(RedisCommand<K, V, T> command) {
            return admission.refuses(command) ? command : super.write(command);
        }

        @Override
        public <K, V> Collection<RedisCommand<K, V, ?>> write(Collection<? extends RedisCommand<K, V, ?>> commands) {
            return admission.refusesAny(commands) ? Admission.same(commands) : super.write(commands);
        }
    }

    /** The same for a connection that listens to channels. */
    private static final class TenantPubSubEndpoint<K, V> extends PubSubEndpoint<K, V> {

        private final Admission admission;

        TenantPubSubEndpoint(ClientOptions options, ClientResources resources, Admission admission) {
            super(options, resources);
            this.admission = admission;
        }

        @Override
        public <K1, V1, T> RedisCommand<K1, V1, T> write(RedisCommand<K1, V1, T> command) {
            return admission.refuses(command) ? command : super.write(command);
        }

        @Override
        public <K1, V1> Collection<RedisCommand<K1, V1, ?>> write(
                Collection<? extends RedisCommand<K1, V1, ?>> commands) {
            return admission.refusesAny(commands) ? Admission.same(commands) : super.write(commands);
        }
    }
}
