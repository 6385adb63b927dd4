package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** An upload that was started, as its future. Cancelling it pauses the upload, which may take a while to end. */
public final class OssUpload extends CompletableFuture<UploadResult> {
    private final OssUploadClient client;
    private final ProgressListener listener;
    private final Executor executor;
    private final AtomicBoolean toldSoon = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private Pointer handle;
    private Throwable cause;
    private boolean listenerThrew;

    /** The executor runs one task at a time, in order. */
    OssUpload(OssUploadClient client, Pointer handle, ProgressListener listener, Executor executor) {
        this.client = client;
        this.handle = handle;
        this.listener = listener;
        this.executor = executor;
    }

    /** There is progress: the listener is told soon, unless that was settled before. */
    void moved() {
        if (listener != null && toldSoon.compareAndSet(false, true)) {
            executor.execute(this::tell);
        }
    }

    /** It is over. */
    void ended() {
        over.countDown();
        executor.execute(this::finish);
    }

    void awaitEnd() {
        Waiting.uninterruptibly(over::await);
    }

    /** Has it end before its time, if it still runs. The first cause is the one that is told. */
    synchronized void pause(Throwable why) {
        if (cause == null) {
            cause = why;
        }
        if (handle != null) {
            LibOssup.ossup_upload_pause(handle);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        pause(null);
        return cancelled;
    }

    /**
     * Stops the upload and leaves nothing, neither on the server nor here: the future fails with {@link OssStatus#ABORTED},
     * unless the upload completes first.
     */
    public synchronized void abort() {
        if (handle != null) {
            LibOssup.ossup_upload_abort(handle);
        }
    }

    private void tell() {
        toldSoon.set(false);
        if (listenerThrew) {
            return;
        }
        try {
            listener.onProgress(UploadProgress.of(handle));
        } catch (Throwable thrown) {
            listenerThrew = true;
            pause(thrown);
        }
    }

    private void finish() {
        try {
            complete(outcome());
        } catch (OssUploadException failure) {
            completeExceptionally(failure);
        } catch (Throwable thrown) {
            completeExceptionally(OssUploadException.internal(thrown));
        } finally {
            leave();
        }
    }

    private UploadResult outcome() throws OssUploadException {
        PointerByReference place = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_upload_result(handle, place));
        Pointer from = place.getValue();
        try {
            UploadResult result = new UploadResult(from);
            OssUploadException.check(LibOssup.ossup_result_error(from, place));
            if (place.getValue() != null) {
                OssUploadException failure = OssUploadException.take(place.getValue());
                boolean isProviders = failure.status() == OssStatus.NO_CREDENTIALS;
                throw failure.with(result, isProviders ? client.noCredentials() : cause());
            }
            if (listenerThrew) {
                throw OssUploadException.tooLate().with(result, cause());
            }
            return result;
        } finally {
            LibOssup.ossup_result_free(from);
        }
    }

    private synchronized Throwable cause() {
        return cause;
    }

    private synchronized void leave() {
        LibOssup.ossup_upload_free(handle);
        handle = null;
    }
}
