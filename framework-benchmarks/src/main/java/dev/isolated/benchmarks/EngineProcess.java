package dev.isolated.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The engine called in a process of its own, which is killed. In this one its library would be unloaded when nobody refers
 * to it any more, from under the engine's threads. Used by one thread.
 */
final class EngineProcess implements Side<Double>, AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    private EngineProcess(Process process) {
        this.process = process;
        answers = process.inputReader();
    }

    /** Starts one whose rounds ask the same so many times. */
    static EngineProcess asking(Path library, String sql, int times) throws IOException {
        return new EngineProcess(
                Child.builder(BareEngine.class, Map.of(), library.toString(), sql, Integer.toString(times))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    @Override
    public Double measure() throws IOException {
        process.outputWriter().append('\n').flush();
        String micros = answers.readLine();
        if (micros == null) {
            throw new BenchmarkFailure(
                    "the engine's process has ended in the middle of a round; what it said is above");
        }
        return Double.valueOf(micros);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
