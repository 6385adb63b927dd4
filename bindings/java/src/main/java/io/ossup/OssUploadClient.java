package io.ossup;

import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Holds connections, credentials and the server's clock. Any number of threads may use it; one client for a whole program is
 * best. It is to be closed, though one that is not keeps no JVM alive.
 *
 * <p>The library never calls Java: one thread waits for what it tells, however many uploads there are. The library is the
 * one that the property ossup.library names, by its path, or else one in a folder of java.library.path, or else the one in
 * the jar.
 */
public final class OssUploadClient implements AutoCloseable {
    static final int PROGRESS = 1;
    static final int COMPLETE = 2;
    static final int CREDENTIALS = 3;
    static final int WRITABLE = 5;

    private static final Executor STREAMS = Threads.any("ossup-stream");

    private final Questions questions;
    private final Executor executor;
    private final Poller events;
    private final Poller log;
    private final Handle handle;
    /** Who is in a call with the handle reads; who frees it writes. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private final Map<Long, OssUpload> running = new ConcurrentHashMap<>();
    private final AtomicLong lastTag = new AtomicLong();
    private volatile boolean closing;
    private boolean closed;

    /** Makes a client. Nothing is sent. */
    public OssUploadClient(OssUploadConfig config) throws OssUploadException {
        questions = new Questions(config.providers());
        executor = config.executor() != null ? config.executor() : Threads.few("ossup");
        Logger logger = config.logger();
        events = new Poller("ossup-events", this::handle, this::lose);
        log = new Poller("ossup-log", line -> log(logger, line), () -> {});
        Handle made = null;
        try {
            made = config.toC(events.queue(), log.queue());
        } finally {
            if (made == null) {
                events.discard();
                log.discard();
            }
        }
        handle = made;
        events.start();
        if (logger != null) {
            log.start();
        }
    }

    /**
     * Uploads and waits until that is over; progress is told on this thread. An interrupt pauses the upload, whose own
     * exception is the cause of the one that tells of it.
     *
     * @throws OssUploadException when the upload fails
     * @throws InterruptedException when the thread was interrupted and the upload, therefore, paused
     */
    public UploadResult upload(UploadRequest request) throws OssUploadException, InterruptedException {
        if (events.isThisThread()) {
            throw OssUploadException.wouldDeadlock("an upload cannot be waited for on the thread that is told of its end");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the upload began");
        }
        Caller caller = new Caller();
        OssUpload upload = start(request, caller);
        caller.attend(upload);
        return caller.outcome(upload.ended().join());
    }

    /** Begins to upload. What goes wrong later is the future's. */
    public OssUpload uploadAsync(UploadRequest request) throws OssUploadException {
        return start(request, new Serial(executor));
    }

    /**
     * Has all uploads together send at most so many bytes a second from now on.
     *
     * @param bytesPerSecond at least 1024; 0 is no cap
     */
    public void setBandwidthLimit(long bytesPerSecond) throws OssUploadException {
        OssUploadException.refuseNegative("a bandwidth limit", bytesPerSecond);
        use(client -> {
            OssUploadException.check(LibOssup.ossup_client_set_bandwidth_limit(client, bytesPerSecond));
            return null;
        });
    }

    /**
     * Asks for the incomplete uploads of a bucket, by key, and waits for the answer.
     *
     * @param prefix what the keys begin with; null for all
     * @param olderThan only those that were opened at least so long ago
     */
    public List<IncompleteUpload> listIncompleteUploads(String bucketName, String prefix, Duration olderThan)
            throws OssUploadException {
        OssUploadException.refuseNegative("an age", olderThan.getSeconds());
        byte[] bucket = Text.toC("the bucket's name", bucketName);
        byte[] beginning = Text.toC("the prefix", prefix);
        return use(client -> IncompleteUpload.all(client, bucket, beginning, olderThan.getSeconds()));
    }

    /** Gives up one incomplete upload and waits for the answer. Do not do it to one that runs. */
    public void abortIncompleteUpload(String bucketName, String key, String uploadId) throws OssUploadException {
        byte[] bucket = Text.toC("the bucket's name", bucketName);
        byte[] name = Text.toC("the key", key);
        byte[] id = Text.toC("the upload's id", uploadId);
        use(client -> {
            IncompleteUpload.abort(client, bucket, name, id);
            return null;
        });
    }

    /**
     * Pauses all uploads, aborts what neither a record nor a token leads back to, and waits for that. From its beginning on no
     * upload can be started.
     *
     * @param timeout how long to wait for what hangs
     * @return whether all ended; another call waits for the rest
     */
    public boolean shutdown(Duration timeout) {
        return shutdown(Millis.toWait(timeout));
    }

    /**
     * Shuts the client down, however long that takes, and frees it. It waits for the log's last line, too, so it must not be
     * called in a logger.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            refuseOwnThreads();
            closed = true;
        }
        shutdown(-1);
        events.stop();
        log.stop();
        use.writeLock().lock();
        try {
            handle.close();
        } finally {
            use.writeLock().unlock();
        }
    }

    private boolean shutdown(long timeoutMs) {
        closing = true;
        new ArrayList<>(running.values()).forEach(upload -> upload.pause(OssUploadException.closed()));
        use.readLock().lock();
        try {
            return handle.isFreed() || LibOssup.ossup_client_shutdown(handle.get(), timeoutMs) == OssStatus.OK.number;
        } finally {
            use.readLock().unlock();
        }
    }

    private void refuseOwnThreads() {
        if (events.isThisThread() || log.isThisThread()) {
            throw new IllegalStateException("a client cannot be closed on a thread of its own");
        }
    }

    /** Something that is done with C's client. */
    private interface Use<T> {
        T with(Pointer client) throws OssUploadException;
    }

    private <T> T use(Use<T> what) throws OssUploadException {
        use.readLock().lock();
        try {
            if (closing) {
                throw OssUploadException.closed();
            }
            return what.with(handle.get());
        } finally {
            use.readLock().unlock();
        }
    }

    private OssUpload start(UploadRequest request, Executor order) throws OssUploadException {
        Source source = request.source();
        try (Handle made = request.toC()) {
            return use(client -> start(client, request, made.get(), source, order));
        }
    }

    private OssUpload start(Pointer client, UploadRequest request, Pointer made, Source source, Executor order)
            throws OssUploadException {
        Running run = Running.of(client, made, source);
        long tag = lastTag.incrementAndGet();
        boolean started = false;
        try {
            Pump pump = source == null || source.pushed() == null ? null : new Pump(source, run, STREAMS);
            OssUpload upload = new OssUpload(run, request, questions, order, pump);
            running.put(tag, upload);
            run.start(events.queue(), tag);
            started = true;
            upload.goOn();
            return upload;
        } finally {
            if (!started) {
                running.remove(tag);
                run.free();
            }
        }
    }

    private static void log(Logger logger, Pointer line) {
        logger.log(
                LogLevel.of(LibOssup.ossup_event_log_level(line)), Text.fromC(LibOssup.ossup_event_log_message(line)));
    }

    private void handle(Pointer event) throws OssUploadException {
        long tag = LibOssup.ossup_event_tag(event);
        switch (LibOssup.ossup_event_get_kind(event)) {
            case PROGRESS:
                running.get(tag).moved();
                break;
            case WRITABLE:
                running.get(tag).goOn();
                break;
            case COMPLETE:
                running.remove(tag).over();
                break;
            case CREDENTIALS:
                questions.answer(event);
                break;
            default:
                // A newer library tells more.
        }
    }

    /** Ends the uploads of which nobody will tell. There are some only if the queue itself failed. */
    private void lose() {
        running.values().forEach(OssUpload::over);
        running.clear();
    }
}
