package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Tls;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a server does not let a role in, and what helps. Immutable. */
record LogInFailure(String task, Endpoint endpoint, String user, String database, Exception cause) {

    private static final String KEY = "isolated.postgres.";

    IsolationException exception() {
        Explanation explanation = Explanation.couldNot(task);
        return new IsolationException(
                tls() != null ? encryption(explanation, tls()) : refusal(explanation.found(found())), cause);
    }

    private Explanation encryption(Explanation explanation, Exception failure) {
        if (failure instanceof TlsDeclinedException) {
            return explanation
                    .expected("it to offer TLS, because " + KEY + "tls is " + asked())
                    .found("that it offers none")
                    .next("configure it with ssl = on and a certificate, or set " + KEY + "tls=off");
        }
        String reason = reason(failure);
        if (reason.contains("No name matching") || reason.contains("No subject alternative")) {
            return explanation
                    .expected("its certificate to be in the name " + endpoint.host() + ", because " + KEY
                            + "tls is verify")
                    .found(reason)
                    .next("set " + KEY + "host to a name that is in the certificate, or " + KEY + "tls=on, which"
                            + " encrypts without asking who it is");
        }
        return explanation
                .expected("a TLS handshake that succeeds, with a certificate of an authority in "
                        + endpoint.authority().map(Object::toString).orElse("Java's own list") + ", because " + KEY
                        + "tls is " + asked())
                .found(reason)
                .next("set " + KEY + "tls-authority to the file with the certificate that has signed the server's");
    }

    private Explanation refusal(Explanation explanation) {
        String state = cause instanceof SQLException failure ? String.valueOf(failure.getSQLState()) : "";
        return switch (state) {
            case "28P01", "08004" ->
                explanation
                        .expected("the password in " + KEY + "password to be that of " + user)
                        .next("correct " + KEY + "user and " + KEY + "password, or give " + user + " that password");
            case "28000" -> authorisation(explanation);
            case "3D000" ->
                explanation
                        .expected("a database " + database + ", from which others are made")
                        .next("CREATE DATABASE " + database + "; it is connected to and nothing in it is changed");
            case "42501" ->
                explanation
                        .expected(user + " to have the right to connect to it")
                        .next("GRANT CONNECT ON DATABASE " + database + " TO " + Identifier.quoted(user));
            case "53300" ->
                explanation
                        .expected("room for one more connection")
                        .next("raise its max_connections or the role's limit, or end what holds the connections");
            case "57P03" ->
                explanation.expected("it to accept connections").next("wait until it has started, or see its log");
            default ->
                explanation
                        .expected("the server to accept user " + user)
                        .next("check the server's log and the rights of " + user);
        };
    }

    private Explanation authorisation(Explanation explanation) {
        if (!found().contains("pg_hba.conf")) {
            return explanation
                    .expected(user + " to be a role that may log in")
                    .next("CREATE ROLE " + Identifier.quoted(user)
                            + " LOGIN CREATEDB CREATEROLE with a password, or correct " + KEY + "user");
        }
        return explanation
                .expected("its pg_hba.conf to let in " + user
                        + (endpoint.tls() == Tls.OFF ? " without TLS, because " + KEY + "tls is off" : " with TLS"))
                .next((endpoint.tls() == Tls.OFF ? "set " + KEY + "tls=on or verify if it wants TLS, or " : "")
                        + "add a line such as: host all all <this machine's address>/32 scram-sha-256; tests log in as"
                        + " roles of their own, isolated_..., to databases of the same names");
    }

    private String asked() {
        return endpoint.tls() == Tls.ON ? "on" : "verify";
    }

    private String found() {
        String text = String.valueOf(cause.getMessage());
        Throwable beneath = cause.getCause();
        String more = beneath == null || beneath.getMessage() == null ? "" : ": " + beneath.getMessage();
        return cause instanceof SQLException failure ? text + more + " (SQLSTATE " + failure.getSQLState() + ")" : text;
    }

    private @Nullable Exception tls() {
        return cause instanceof SSLException || cause instanceof TlsDeclinedException ? cause : null;
    }

    /** The innermost reason is the one that says something. */
    private static String reason(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }
}
