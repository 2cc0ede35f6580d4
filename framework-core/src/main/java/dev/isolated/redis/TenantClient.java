package dev.isolated.redis;

import dev.isolated.spi.Origin;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.resource.ClientResources;
import java.util.Collection;

/** A Lettuce client whose connections know whose they are: what is sent too late is refused, and the test is named. Thread-safe. */
final class TenantClient extends RedisClient {

    private final Admission admission;
    private final Login login;
    private final Openings<DefaultEndpoint> openings = new Openings<>(DefaultEndpoint::isClosed);

    TenantClient(Admission admission, Login login) {
        super(Clients.ofTenants(), login.uri());
        this.admission = admission;
        this.login = login;
        setOptions(Clients.options(login.endpoint()));
    }

    /** The only connection of a client that has no other; where the test stops its server, nothing tries to reach that again. */
    StatefulRedisConnection<String, String> connectOnce() {
        var arrivals = new Arrivals(login.endpoint().address());
        addListener(arrivals);
        setOptions(getOptions().mutate().autoReconnect(false).build());
        StatefulRedisConnection<String, String> connection = connect();
        arrivals.await((RedisChannelHandler<?, ?>) connection);
        return connection;
    }

    Openings<DefaultEndpoint> openings() {
        return openings;
    }

    @Override
    protected DefaultEndpoint createEndpoint() {
        return noted(new TenantEndpoint(getOptions(), getResources(), admission));
    }

    @Override
    protected <K, V> PubSubEndpoint<K, V> createPubSubEndpoint() {
        return noted(new TenantPubSubEndpoint<K, V>(getOptions(), getResources(), admission));
    }

    /** Every connection begins with one, on the thread of whoever opens it. */
    private <E extends DefaultEndpoint> E noted(E endpoint) {
        admission.tenant().verify();
        openings.note(endpoint, new Origin());
        return endpoint;
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
