package dev.isolated.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Together;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountCommandsTest {

    private static final String HASH = Accounts.hash("a password");
    private static final int THREADS = 4;
    private static final int ROUNDS = 100;
    private static final int SALLIES = 200;

    @TempDir
    private Path directory;

    @Test
    void aUserThatSeveralDropIfItExistsIsGoneAndNobodyFails() throws Exception {
        Accounts accounts = accounts();
        AccountCommands commands = new AccountCommands(accounts, new Sessions(), new Requests());
        Accounts.Account administrator = accounts.known(Accounts.ADMINISTRATOR);
        var round = new CyclicBarrier(THREADS, () -> createSallies(accounts));
        Together.run(THREADS, thread -> {
            for (int i = 0; i < ROUNDS; i++) {
                round.await(60, TimeUnit.SECONDS);
                for (int sally = 0; sally < SALLIES; sally++) {
                    assertThat(commands.done(administrator, statement("DROP USER IF EXISTS sally" + sally)))
                            .contains("");
                }
            }
        });
        assertThat(accounts.names("sally")).isEmpty();
    }

    @Test
    void aUserThatIsNotThereIsMissedWhereItHasToExist() throws Exception {
        Accounts accounts = accounts();
        AccountCommands commands = new AccountCommands(accounts, new Sessions(), new Requests());
        assertThatThrownBy(() -> commands.done(accounts.known(Accounts.ADMINISTRATOR), statement("DROP USER sally")))
                .hasMessageContaining("There is no user `sally`");
    }

    private static void createSallies(Accounts accounts) {
        try {
            for (int sally = 0; sally < SALLIES; sally++) {
                assertThat(accounts.create("sally" + sally, HASH).administrator())
                        .isFalse();
            }
        } catch (EngineException e) {
            throw new AssertionError(e);
        }
    }

    private Accounts accounts() throws Exception {
        return new Accounts(Files.writeString(directory.resolve("password"), HASH));
    }

    private static Statement statement(String sql) {
        return Statement.of(sql.getBytes(StandardCharsets.UTF_8));
    }
}
