package io.ossup;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Where an upload's bytes come from. */
abstract class Source {
    /** The size of a stream that nobody knows. */
    static final long UNKNOWN_SIZE = -1;

    /** What C reads until the upload is over; to be closed then. */
    interface Lent extends AutoCloseable {
        @Override
        void close();
    }

    static final Lent NOTHING = () -> {};

    /** Names itself to C's request. */
    abstract Lent setIn(Pointer request) throws OssUploadException;

    /** What is to be pushed; null where C reads for itself. */
    InputStream pushed() {
        return null;
    }

    /** Whether it is known how much is pushed. */
    boolean isSized() {
        return true;
    }

    static Source file(byte[] path) {
        return new Source() {
            @Override
            Lent setIn(Pointer request) throws OssUploadException {
                LibOssup.ossup_request_set_option(request, Text.toC("name", "upload_file"), path);
                return NOTHING;
            }
        };
    }

    static Source memory(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return new Source() {
            @Override
            Lent setIn(Pointer request) {
                // Memory of size 0 there is none.
                Memory copy = new Memory(Math.max(bytes.length, 1));
                copy.write(0, bytes, 0, bytes.length);
                LibOssup.ossup_request_set_upload_memory(request, copy, bytes.length, null, null);
                return copy::close;
            }
        };
    }

    static Source memory(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.duplicate();
        if (!bytes.isDirect()) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return memory(copy);
        }
        return new Source() {
            @Override
            Lent setIn(Pointer request) {
                Pointer data = Native.getDirectBufferPointer(bytes).share(bytes.position());
                LibOssup.ossup_request_set_upload_memory(request, data, bytes.remaining(), null, null);
                // For as long as the lender is there, so is the buffer.
                return bytes::isDirect;
            }
        };
    }

    static Source stream(InputStream stream, long size) {
        Objects.requireNonNull(stream, "stream");
        return new Source() {
            @Override
            Lent setIn(Pointer request) {
                LibOssup.ossup_request_set_upload_stream(request, size);
                return NOTHING;
            }

            @Override
            InputStream pushed() {
                return stream;
            }

            @Override
            boolean isSized() {
                return size != UNKNOWN_SIZE;
            }
        };
    }
}
