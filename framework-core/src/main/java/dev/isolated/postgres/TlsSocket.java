package dev.isolated.postgres;

import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Tls;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is encrypted as soon as it is connected, in the way that Postgres servers have it. Below the driver, so that
 * whoever takes over the driver's socket speaks encrypted too.
 */
final class TlsSocket extends Socket {

    private static final int REQUEST_LENGTH = 8;
    private static final int REQUEST = 80877103;

    private final Endpoint endpoint;
    private @Nullable SSLSocket encrypted;

    private TlsSocket(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** What makes unconnected sockets to an endpoint. */
    static Supplier<Socket> to(Endpoint endpoint) {
        return endpoint.tls() == Tls.OFF ? Socket::new : () -> new TlsSocket(endpoint);
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
        super.connect(address, timeout);
        var out = new DataOutputStream(super.getOutputStream());
        out.writeInt(REQUEST_LENGTH);
        out.writeInt(REQUEST);
        if (super.getInputStream().read() != 'S') {
            throw new IOException("the server at " + endpoint.address() + " does not offer encryption");
        }
        try {
            encrypted = encrypt();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the encryption for " + endpoint.address() + " cannot be set up: " + e.getMessage(), e);
        }
    }

    private SSLSocket encrypt() throws GeneralSecurityException, IOException {
        boolean verify = endpoint.tls() == Tls.VERIFY;
        var context = SSLContext.getInstance("TLS");
        context.init(null, verify ? verifying() : new TrustManager[] {new Trusting()}, null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(this, endpoint.host(), endpoint.port(), true);
        if (verify) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private TrustManager[] verifying() throws GeneralSecurityException, IOException {
        KeyStore trusted = null;
        if (endpoint.authority().isPresent()) {
            trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            addTo(trusted, endpoint.authority().get());
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static void addTo(KeyStore trusted, Path authority) throws GeneralSecurityException, IOException {
        int count = 0;
        try (InputStream pem = Files.newInputStream(authority)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + count++, certificate);
            }
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return encrypted == null ? super.getInputStream() : encrypted.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return encrypted == null ? super.getOutputStream() : encrypted.getOutputStream();
    }
}
