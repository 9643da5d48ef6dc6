package dev.heliograph.connections;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void givenAPoolThatGaveUp_whenTold_thenTheFirstCauseIsTold() {
        Exception failure = new SQLException(
                "no connection\nafter 3 s", new IOException("cannot connect", new UnknownHostException("db.example")));

        assertThat(Causes.inWords(failure)).isEqualTo("no connection (db.example)");
    }

    @Test
    void givenACauseThatSaysTheSame_whenTold_thenItIsToldOnce() {
        Exception failure = new IllegalStateException(new IOException("reset"));

        assertThat(Causes.inWords(failure)).isEqualTo("java.io.IOException: reset");
    }

    @Test
    void givenNoWords_whenTold_thenItsKindIs() {
        assertThat(Causes.inWords(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void givenACircle_whenTold_thenItEnds() {
        Exception one = new Exception("one");
        Exception other = new Exception("other", one);
        one.initCause(other);

        assertThat(Causes.inWords(one)).startsWith("one");
    }
}
