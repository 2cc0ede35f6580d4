package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URL carries of a sandbox, in either spelling: text that leads back to its door, made when somebody asks for it,
 * dead with the lease. Here is the one static table of this library, because a driver is given nothing but text. Thread-safe.
 */
final class UrlToken {

    private static final Map<String, UrlToken> TOKENS = new ConcurrentHashMap<>();
    private static final String THIS_JVM = Secret.random().reveal();
    private static final Pattern SHAPE = Pattern.compile("([\\w-]+)\\.[\\w-]+/(.+)", Pattern.DOTALL);

    private final Door door;
    private @Nullable String text;
    private @Nullable String jdbcUrl;
    private boolean revoked;

    UrlToken(Door door) {
        this.door = door;
    }

    /** A URL for pgjdbc. */
    synchronized String jdbcUrl() {
        if (jdbcUrl == null) {
            jdbcUrl = door.login().url() + "?socketFactory=" + SandboxSocketFactory.class.getName()
                    + "&socketFactoryArg=" + encoded(text())
                    + "&sslmode=disable&gssEncMode=disable&assumeMinServerVersion=14";
        }
        return jdbcUrl;
    }

    /** A URL for {@link SandboxDriver}. */
    String isolatedUrl() {
        String[] tokenAndTest = text().split("/", 2);
        return SandboxDriver.PREFIX + "//" + tokenAndTest[0] + "/" + encoded(tokenAndTest[1]);
    }

    Door door() {
        return door;
    }

    /** A new connection; {@code given} are the driver's properties, user and password among them. */
    Connection connect(Properties given) throws SQLException {
        return door.connect(given, jdbcUrl());
    }

    synchronized void revoke() {
        revoked = true;
        if (text != null) {
            TOKENS.remove(text);
        }
    }

    /** The token with that text; refuses with the reason why it leads nowhere. */
    static UrlToken of(String text) throws Refusal {
        UrlToken token = TOKENS.get(text);
        if (token != null) {
            return token;
        }
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw unknown(Explanation.couldNot("find the sandbox that a URL leads to")
                    .expected("one that the methods jdbcUrl() or isolatedUrl() of a test's Postgres have returned")
                    .found(text.isEmpty() ? "no token in it" : "a token that is none of theirs"));
        }
        if (!shape.group(1).equals(THIS_JVM)) {
            throw unknown(Explanation.couldNot("find the sandbox of " + shape.group(2))
                    .expected("a URL that was made in this JVM")
                    .found("one of another process, or that was changed"));
        }
        throw new Refusal("57P01", new Tenant(shape.group(2)).whatEnded().toString(), "");
    }

    private static Refusal unknown(Explanation what) {
        String next = "pass on the URL as it is, within the process that runs the test";
        return new Refusal("08001", what.next(next).toString(), "");
    }

    /** The token, a slash, and the test's name. */
    private synchronized String text() {
        if (text == null) {
            text = THIS_JVM + "." + Secret.random().reveal() + "/" + door.holder();
            if (!revoked) {
                TOKENS.put(text, this);
            }
        }
        return text;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
