package io.ossup;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs tasks one after the other, in order, on another executor; on the caller's thread where that refuses. */
final class Serial implements Executor {
    private final Executor executor;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    Serial(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        if (isFirst(task)) {
            try {
                executor.execute(this::runAll);
            } catch (Throwable refusal) {
                // Nobody would hear of an upload's end.
                runAll();
            }
        }
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized boolean isFirst(Runnable task) {
        tasks.add(task);
        boolean first = !running;
        running = true;
        return first;
    }

    private synchronized Runnable next() {
        running = !tasks.isEmpty();
        return tasks.poll();
    }
}
