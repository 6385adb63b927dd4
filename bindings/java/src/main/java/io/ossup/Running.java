package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** C's upload, which is freed when nobody is in a call with it, and what there is to say of it then. */
final class Running {
    private static final int OK = OssStatus.OK.number;
    private static final int TIMED_OUT = OssStatus.TIMED_OUT.number;
    private static final int NO_RESOURCES = OssStatus.NO_RESOURCES.number;

    private final Handle handle;
    private final Source.Lent lent;
    private Throwable cause;
    private UploadProgress last;
    private boolean isFreed;

    private Running(Handle handle, Source.Lent lent) {
        this.handle = handle;
        this.lent = lent;
    }

    /**
     * Makes an upload of a client's and a request's, to be started.
     *
     * @param source where its bytes come from; null when the request itself says so
     */
    static Running of(Pointer client, Pointer request, Source source) throws OssUploadException {
        Source.Lent lent = source == null ? Source.NOTHING : source.setIn(request);
        try {
            Handle handle = Handle.makeOrTell(
                    (out, error) -> LibOssup.ossup_upload_new(client, request, out, error), LibOssup::ossup_upload_free);
            return new Running(handle, lent);
        } catch (OssUploadException refused) {
            lent.close();
            throw refused;
        }
    }

    /** Begins. What happens is told by a queue's events with the tag. */
    synchronized void start(Pointer queue, long tag) throws OssUploadException {
        OssUploadException.check(LibOssup.ossup_upload_set_queue(handle.get(), queue, tag));
        PointerByReference error = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_upload_start(handle.get(), error), error);
    }

    synchronized UploadProgress progress() {
        return isFreed ? last : UploadProgress.of(handle.get());
    }

    /** Has it end before its time, if it still runs. The first cause is the one that is told. */
    synchronized void pause(Throwable why) {
        because(why);
        if (!isFreed) {
            LibOssup.ossup_upload_pause(handle.get());
        }
    }

    /** The same, with nothing left of it. */
    synchronized void abort(Throwable why) {
        because(why);
        if (!isFreed) {
            LibOssup.ossup_upload_abort(handle.get());
        }
    }

    private void because(Throwable why) {
        if (cause == null) {
            cause = why;
        }
    }

    synchronized Throwable cause() {
        return cause;
    }

    synchronized void setBandwidthLimit(long bytesPerSecond) throws OssUploadException {
        OssUploadException.refuseNegative("a bandwidth limit", bytesPerSecond);
        if (!isFreed) {
            OssUploadException.check(LibOssup.ossup_upload_set_bandwidth_limit(handle.get(), bytesPerSecond));
        }
    }

    synchronized String resumeToken() throws OssUploadException {
        if (isFreed) {
            throw OssUploadException.invalidState("the upload is over: its result has the token, where one was to be kept");
        }
        try (Handle token = Handle.makeOrTell(
                (out, error) -> LibOssup.ossup_upload_resume_token(handle.get(), out, error),
                LibOssup::ossup_resume_token_free)) {
            return Text.fromC(LibOssup.ossup_resume_token_text(token.get()));
        }
    }

    /** Pushes bytes as far as there is room, and returns how many were taken; less than none when none will be any more. */
    synchronized int push(Pointer bytes, int length) throws OssUploadException {
        if (isFreed) {
            return -1;
        }
        LongByReference written = new LongByReference();
        int status = LibOssup.ossup_upload_write(handle.get(), bytes, length, 0, written.getPointer(), null);
        if (status == OK || status == TIMED_OUT) {
            return Math.toIntExact(written.getValue());
        }
        if (status == NO_RESOURCES) {
            throw OssUploadException.noResources("there is no memory for another part of the stream");
        }
        // Any other refusal is the upload's own end, which tells why.
        return -1;
    }

    /** Says that a stream is at its end. Where that is no good, the upload's own end tells. */
    synchronized void finish() {
        if (!isFreed) {
            LibOssup.ossup_upload_finish(handle.get(), null);
        }
    }

    synchronized Handle result() throws OssUploadException {
        return Handle.make(out -> LibOssup.ossup_upload_result(handle.get(), out), LibOssup::ossup_result_free);
    }

    /** To be called once it is over, or was never started. */
    synchronized void free() {
        if (!isFreed) {
            last = UploadProgress.of(handle.get());
            isFreed = true;
            handle.close();
            lent.close();
        }
    }
}
