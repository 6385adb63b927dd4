package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Holds connections, credentials and the server's clock. Any number of threads may use it; one client for a whole program is
 * best. It is to be closed, though one that is not keeps no JVM alive.
 *
 * <p>The library never calls Java: one thread waits for what it tells, however many uploads there are. The property
 * ossup.library is libossup's path, or its name where the system finds it; "ossup" by default.
 */
public final class OssUploadClient implements AutoCloseable {
    static final int PROGRESS = 1;
    static final int COMPLETE = 2;
    static final int CREDENTIALS = 3;

    private static final int THREADS = 4;
    private static final long IDLE_S = 5;

    private final CredentialsProvider provider;
    private final Executor executor;
    private final Poller events;
    private final Poller log;
    private final Pointer handle;
    private final Map<Long, OssUpload> running = new HashMap<>();
    private long lastTag;
    private boolean closed;
    private volatile Throwable noCredentials;

    public OssUploadClient(OssUploadConfig config) throws OssUploadException {
        provider = config.credentialsProvider();
        executor = config.executor() != null ? config.executor() : newExecutor();
        Logger logger = config.logger();
        events = new Poller("ossup-events", this::handle, this::lose);
        log = new Poller("ossup-log", line -> log(logger, line), () -> {});
        Pointer made = null;
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

    private static Executor newExecutor() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon("ossup", task));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Uploads a file and waits until that is over; progress is told on this thread. An interrupt pauses the upload: the
     * exception's cause is the {@link InterruptedException}, and the thread's mark of it is set again.
     */
    public UploadResult upload(UploadRequest request) throws OssUploadException {
        Caller caller = new Caller();
        OssUpload upload = start(request, caller);
        caller.attend(upload);
        try {
            return upload.join();
        } catch (CompletionException failure) {
            throw (OssUploadException) failure.getCause();
        }
    }

    /** Begins to upload a file. The future fails with an {@link OssUploadException}. */
    public OssUpload uploadAsync(UploadRequest request) throws OssUploadException {
        return start(request, new Serial(executor));
    }

    /** Pauses what still runs, waits for that, and frees the client. It must not be called in a logger. */
    @Override
    public void close() {
        List<OssUpload> left = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left.addAll(running.values());
        }
        left.forEach(upload -> upload.pause(OssUploadException.closed()));
        left.forEach(OssUpload::awaitEnd);
        events.stop();
        log.stop();
        LibOssup.ossup_client_free(handle);
    }

    /** What the provider threw when it had no credentials; null when it always had some. */
    Throwable noCredentials() {
        return noCredentials;
    }

    private OssUpload start(UploadRequest request, Executor order) throws OssUploadException {
        Pointer made = request.toC();
        try {
            return start(made, request.progressListener(), order);
        } finally {
            LibOssup.ossup_request_free(made);
        }
    }

    private synchronized OssUpload start(Pointer request, ProgressListener listener, Executor order)
            throws OssUploadException {
        if (closed) {
            throw OssUploadException.closed();
        }
        PointerByReference place = new PointerByReference();
        PointerByReference error = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_upload_new(handle, request, place, error), error);
        OssUpload upload = new OssUpload(this, place.getValue(), listener, order);
        long tag = ++lastTag;
        LibOssup.ossup_upload_set_queue(place.getValue(), events.queue(), tag);
        int status = LibOssup.ossup_upload_start(place.getValue(), error);
        if (status != 0) {
            LibOssup.ossup_upload_free(place.getValue());
        }
        OssUploadException.check(status, error);
        running.put(tag, upload);
        return upload;
    }

    private static void log(Logger logger, Pointer line) {
        logger.log(
                LogLevel.of(LibOssup.ossup_event_log_level(line)), Text.fromC(LibOssup.ossup_event_log_message(line)));
    }

    private void handle(Pointer event) {
        long tag = LibOssup.ossup_event_tag(event);
        switch (LibOssup.ossup_event_get_kind(event)) {
            case PROGRESS:
                find(tag).moved();
                break;
            case COMPLETE:
                remove(tag).ended();
                break;
            case CREDENTIALS:
                PointerByReference question = new PointerByReference();
                if (LibOssup.ossup_event_credentials(event, question) == 0) {
                    daemon("ossup-credentials", () -> answer(question.getValue())).start();
                }
                break;
            default:
                // A newer library tells more.
        }
    }

    private synchronized OssUpload find(long tag) {
        return running.get(tag);
    }

    private synchronized OssUpload remove(long tag) {
        return running.remove(tag);
    }

    /** Ends the uploads of which nobody will tell. There are some only if the queue itself failed. */
    private synchronized void lose() {
        running.values().forEach(OssUpload::ended);
        running.clear();
    }

    /** Asks the provider what the library asks for, and frees the question. */
    private void answer(Pointer question) {
        try {
            give(question, provider.getCredentials());
        } catch (Throwable thrown) {
            noCredentials = thrown;
            fail(question, thrown);
        } finally {
            LibOssup.ossup_credentials_request_free(question);
        }
    }

    private static void give(Pointer question, OssCredentials credentials) throws OssUploadException {
        PointerByReference error = new PointerByReference();
        int status = LibOssup.ossup_credentials_request_give(
                question,
                Text.toC("the access key's id", credentials.accessKeyId),
                Text.toC("the access key's secret", credentials.accessKeySecret),
                Text.toC("the security token", credentials.securityToken),
                credentials.expires == null ? 0 : credentials.expires.getEpochSecond(),
                error);
        OssUploadException.check(status, error);
    }

    private static void fail(Pointer question, Throwable thrown) {
        boolean temporary = thrown instanceof IOException && !(thrown instanceof OssUploadException);
        byte flag = (byte) (temporary ? 1 : 0);
        try {
            LibOssup.ossup_credentials_request_fail(question, Text.toC("message", thrown.toString()), flag);
        } catch (OssUploadException noText) {
            // Freed without an answer, the question counts as failed all the same.
        }
    }
}
