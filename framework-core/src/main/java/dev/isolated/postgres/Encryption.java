package dev.isolated.postgres;

import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Tls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Turns a connection to a server into an encrypted one, before anything else is said on it. */
final class Encryption {

    private static final int ACCEPTED = 'S';
    private static final String AUTHORITY = "authority-";

    private Encryption() {}

    /** The encrypted socket above a connected one, which is closed with it. */
    static Socket over(Socket bare, Endpoint endpoint) throws IOException {
        var request = new WireWriter();
        request.int32(Long.BYTES).int32(Wire.SSL_REQUEST).drainTo(bare.getOutputStream());
        if (bare.getInputStream().read() != ACCEPTED) {
            throw new TlsDeclinedException();
        }
        boolean verified = endpoint.tls() == Tls.VERIFY;
        var socket = (SSLSocket) context(endpoint, verified)
                .getSocketFactory()
                .createSocket(bare, endpoint.host(), endpoint.port(), true);
        if (verified) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context(Endpoint endpoint, boolean verified) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, verified ? trust(endpoint) : new TrustManager[] {new TrustAnybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException("TLS could not be prepared: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(Endpoint endpoint) throws IOException, GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(
                endpoint.authority().isEmpty()
                        ? null
                        : store(endpoint.authority().get()));
        return factory.getTrustManagers();
    }

    private static KeyStore store(Path authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(authority))) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(AUTHORITY + store.size(), each);
            }
        }
        if (store.size() == 0) {
            throw new SSLException("there is no certificate in " + authority);
        }
        return store;
    }
}
