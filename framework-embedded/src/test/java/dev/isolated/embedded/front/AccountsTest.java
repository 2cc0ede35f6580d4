package dev.isolated.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.embedded.front.Accounts.Account;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private final Accounts accounts = new Accounts("administrator's");

    @Test
    void whoWasLetInBeforeThePasswordChangedIsInForceNoMore() throws EngineException {
        Account before = accounts.create("test", "one");
        assertThatCode(() -> accounts.requireInForce(before)).doesNotThrowAnyException();
        Account after = accounts.change("test", "other");
        assertThat(after.role()).isEqualTo(before.role());
        assertThatCode(() -> accounts.requireInForce(after)).doesNotThrowAnyException();
        assertThatThrownBy(() -> accounts.requireInForce(before)).hasMessageContaining("Authentication failed");
        accounts.drop("test");
        assertThatThrownBy(() -> accounts.requireInForce(after)).hasMessageContaining("Authentication failed");
    }
}
