package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tls;
import io.lettuce.core.RedisException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why a server does not let its administrator in, and what helps. Immutable. */
record ConnectFailure(Server server, RedisException cause) {

    private static final String KEY = "isolated.redis.";

    IsolationException exception() {
        Explanation task = Explanation.couldNot("connect to " + server.describe() + " as its administrator "
                + server.endpoint().user());
        Endpoint endpoint = server.endpoint();
        if (endpoint.authority().isPresent() && chain(cause).anyMatch(IllegalArgumentException.class::isInstance)) {
            return new IsolationException(
                    task.expected("certificates (PEM) in "
                                    + endpoint.authority().get())
                            .found(innermost(cause))
                            .next("correct " + KEY + "tls-authority"),
                    cause);
        }
        if (endpoint.tls() != Tls.OFF) {
            Optional<SSLException> failure = encryption();
            if (failure.isPresent()) {
                return new IsolationException(encryption(task, endpoint, failure.get()), cause);
            }
        }
        return new IsolationException(refusal(task, endpoint), cause);
    }

    private static Explanation encryption(Explanation task, Endpoint endpoint, SSLException failure) {
        String because = ", because " + KEY + "tls is " + asked(endpoint);
        String reason = innermost(failure);
        if (failure instanceof NotSslRecordException || failure instanceof SslHandshakeTimeoutException) {
            return task.expected("it to speak TLS" + because)
                    .found(reason)
                    .next("name its tls-port in " + KEY + "port, or set " + KEY + "tls=off");
        }
        if (reason.contains("No name matching") || reason.contains("No subject alternative")) {
            return task.expected("its certificate to be in the name " + endpoint.host() + because)
                    .found(reason)
                    .next("set " + KEY + "host to a name that is in the certificate, or " + KEY + "tls=on, which"
                            + " encrypts without asking who it is");
        }
        return task.expected("a TLS handshake that succeeds, with a certificate of an authority in "
                        + endpoint.authority().map(Object::toString).orElse("Java's own list") + because)
                .found(reason)
                .next("set " + KEY + "tls-authority to the file with the certificate that has signed the server's");
    }

    private Explanation refusal(Explanation task, Endpoint endpoint) {
        return task.expected("the server to let it in"
                        + (endpoint.tls() == Tls.OFF ? " without TLS, because " + KEY + "tls is off" : ""))
                .found(innermost(cause))
                .next("check " + KEY + "user and " + KEY + "password"
                        + (endpoint.tls() == Tls.OFF ? "; set " + KEY + "tls=on or verify if it wants TLS" : ""));
    }

    private static String asked(Endpoint endpoint) {
        return endpoint.tls() == Tls.ON ? "on" : "verify";
    }

    private Optional<SSLException> encryption() {
        return chain(cause)
                .filter(SSLException.class::isInstance)
                .map(SSLException.class::cast)
                .findFirst();
    }

    /** The one that says something. */
    private static String innermost(Throwable failure) {
        return chain(failure)
                .reduce((outer, inner) -> inner)
                .map(Throwable::getMessage)
                .orElse("no reason");
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, it -> it != null, Throwable::getCause);
    }
}
