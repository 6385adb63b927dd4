package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * An upload that was started, as its future, which fails with an {@link OssUploadException}. Cancelling it pauses the upload,
 * which may take a while to end: {@link #ended}. It needs no closing, and goes on when nobody holds it any more.
 */
public final class OssUpload extends CompletableFuture<UploadResult> {
    private final CompletableFuture<UploadResult> ended = new CompletableFuture<>();
    private final Running running;
    private final Questions questions;
    private final Executor executor;
    private final Telling telling;
    private final boolean keepsToken;
    private final Pump pump;
    private volatile boolean cancelled;

    /**
     * The executor runs one task at a time, in order.
     *
     * @param pump what pushes a stream; null for other sources
     */
    OssUpload(Running running, UploadRequest request, Questions questions, Executor executor, Pump pump) {
        this.running = running;
        this.questions = questions;
        this.executor = executor;
        this.pump = pump;
        keepsToken = request.keepsToken();
        telling = new Telling(running, request.progressListener(), executor);
    }

    /** How far the upload is by now, or came. */
    public UploadProgress progress() {
        return running.progress();
    }

    /**
     * Stops the upload and keeps what there is, so that the same request can go on: the future fails with {@link
     * OssStatus#PAUSED}, unless the upload ends first. Returns at once.
     */
    public void pause() {
        running.pause(null);
    }

    /**
     * Stops the upload and leaves nothing, neither on the server nor here: the future fails with {@link OssStatus#ABORTED},
     * unless the upload ends first. Returns at once.
     */
    public void abort() {
        running.abort(null);
    }

    /**
     * Has the upload send at most so many bytes a second from now on.
     *
     * @param bytesPerSecond at least 1024; 0 is no cap
     */
    public void setBandwidthLimit(long bytesPerSecond) throws OssUploadException {
        running.setBandwidthLimit(bytesPerSecond);
    }

    /**
     * Makes a token of what the upload has sent by now, with which it can go on elsewhere. What it speaks of stays on the
     * server, and is paid for, until somebody goes on with it or aborts it. Of one that is over the result has it, {@link
     * UploadRequest#keepResumeToken}.
     *
     * @throws OssUploadException with {@link OssStatus#INVALID_STATE} while there is nothing on the server yet, or nothing any
     *     more, and when the upload is over
     */
    public String resumeToken() throws OssUploadException {
        return running.resumeToken();
    }

    /** Pauses the upload. An abort is to be asked for by its name. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        cancelled = true;
        // Before what depends on this future runs, which may wait for the end.
        running.pause(null);
        return super.cancel(mayInterruptIfRunning);
    }

    /**
     * What the upload did, success or not, once it is over: then nothing of it is under way any more. This one's cancel stops
     * nothing.
     */
    public CompletableFuture<UploadResult> ended() {
        return ended.thenApply(result -> result);
    }

    boolean isOver() {
        return ended.isDone();
    }

    /** There is progress. */
    void moved() {
        telling.soon();
    }

    /** There is room for more of a stream. */
    void goOn() {
        if (pump != null) {
            pump.soon();
        }
    }

    /** It is over, which is told behind all progress. */
    void over() {
        goOn();
        executor.execute(this::finish);
    }

    void pause(Throwable why) {
        running.pause(why);
    }

    private void finish() {
        try {
            UploadResult result = result();
            running.free();
            ended.complete(result);
            if (result.error() == null) {
                complete(result);
            } else if (cancelled) {
                super.cancel(false);
            } else {
                completeExceptionally(result.error());
            }
        } catch (Throwable thrown) {
            running.free();
            OssUploadException failure = OssUploadException.internal(thrown);
            ended.completeExceptionally(failure);
            completeExceptionally(failure);
        }
    }

    private UploadResult result() throws OssUploadException {
        try (Handle from = running.result()) {
            UploadResult result = new UploadResult(from.get(), keepsToken);
            PointerByReference place = new PointerByReference();
            OssUploadException.check(LibOssup.ossup_result_error(from.get(), place));
            Pointer error = place.getValue();
            if (error != null) {
                OssUploadException failure = OssUploadException.take(error);
                boolean isProviders = failure.status() == OssStatus.NO_CREDENTIALS;
                return result.with(failure, isProviders ? questions.lastFailure() : running.cause());
            }
            return telling.failed() ? result.with(OssUploadException.tooLate(), running.cause()) : result;
        }
    }
}
