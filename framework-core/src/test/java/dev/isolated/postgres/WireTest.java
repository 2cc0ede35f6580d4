package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WireTest {

    @Test
    void messageHasItsTypeAndItsLength() throws IOException {
        byte[] bytes = bytes(new WireWriter().begin('Q').text("é").end());
        assertThat((char) bytes[0]).isEqualTo('Q');
        assertThat(Wire.int32(bytes, 1)).isEqualTo(bytes.length - 1).isEqualTo(7);
        assertThat(Wire.text(bytes, 5)).isEqualTo("é");
    }

    @Test
    void errorIsReadAndFreedOfItsOrigin() throws IOException {
        var error = new WireWriter();
        error.begin('E')
                .octet('C')
                .text("22012")
                .octet('W')
                .text("where")
                .octet('M')
                .text("by zero")
                .octet(0)
                .end();
        byte[] bytes = bytes(error);
        assertThat(Wire.errorMessage(bytes, 5, bytes.length)).isEqualTo("by zero (SQLSTATE 22012)");
        var stripped = new WireWriter();
        Wire.withoutOrigin(bytes, 0, bytes.length, stripped);
        byte[] rest = bytes(stripped);
        assertThat(new String(rest, java.nio.charset.StandardCharsets.UTF_8))
                .contains("by zero")
                .doesNotContain("where");
        assertThat(Wire.int32(rest, 1)).isEqualTo(rest.length - 1);
    }

    @Test
    void amendedErrorPointsElsewhereAndSaysMore() throws IOException {
        var error = new WireWriter();
        error.begin('E')
                .octet('P')
                .text("7")
                .octet('H')
                .text("own")
                .octet('p')
                .text("3")
                .octet(0)
                .end();
        byte[] bytes = bytes(error);
        var amended = new WireWriter();
        Wire.amended(bytes, 0, bytes.length, 10, "more", amended);
        byte[] body = bytes(amended);
        assertThat(Wire.field('P', body, 5, body.length)).isEqualTo("17");
        assertThat(Wire.field('H', body, 5, body.length)).isEqualTo("own more");
        assertThat(Wire.field('p', body, 5, body.length)).isEqualTo("3");
        assertThat(Wire.int32(body, 1)).isEqualTo(body.length - 1);
    }

    @Test
    void inboxCutsMessagesHoweverTheyArrive() {
        byte[] messages = {0, 0, 0, 5, 9, 'S', 0, 0, 0, 4, 'Q', 0, 0, 0, 6, 'a', 0};
        var inbox = new Inbox();
        int seen = 0;
        boolean started = false;
        for (byte octet : messages) {
            inbox.add(new byte[] {octet}, 0, 1);
            while (inbox.complete(started)) {
                assertThat(inbox.end() - inbox.body()).isEqualTo(new int[] {1, 0, 2}[seen]);
                inbox.consume();
                started = true;
                seen++;
            }
            inbox.compact();
        }
        assertThat(seen).isEqualTo(3);
        assertThat(inbox.size()).isZero();
    }

    @Test
    void refusalCannotBreakOutOfItsQuotes() {
        assertThat(Refusal.raising("0A000", "it's $isolated$ here", ""))
                .isEqualTo(
                        "DO $isolated$BEGIN RAISE EXCEPTION USING ERRCODE='0A000', MESSAGE='it''s  here'; END$isolated$");
    }

    private static byte[] bytes(WireWriter writer) throws IOException {
        var out = new ByteArrayOutputStream();
        writer.drainTo(out);
        return out.toByteArray();
    }
}
