package io.ossup;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that keep no Java alive and end when there is nothing to do. */
final class Threads {
    private static final int FEW = 4;
    private static final long IDLE_S = 5;

    private Threads() {}

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A few of them, which tasks wait for. */
    static Executor few(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                FEW, FEW, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(name, task));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** As many as there are tasks. */
    static Executor any(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_S, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(name, task));
    }
}
