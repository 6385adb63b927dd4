package io.ossup;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** How far an upload is, in absolute numbers. */
public final class UploadProgress {
    /** What an upload is busy with. */
    public enum Phase {
        /** Finding out what there is to do. */
        PREPARING,
        /** Sending parts. */
        UPLOADING,
        /** Every part is there; the object is being made. */
        COMPLETING,
        /** The object is confirmed. Nothing else means 100 %. */
        DONE
    }

    // Where C's ossup_progress has what: a size_t, three ints, and then longs at a multiple of their size.
    private static final int INTS = Long.BYTES;
    private static final int LONGS = 3 * Long.BYTES;
    private static final int SIZE = LONGS + 4 * Long.BYTES;

    private final Phase phase;
    private final int[] ints;
    private final long[] longs;

    private UploadProgress(Memory from) {
        ints = from.getIntArray(INTS, 3);
        longs = from.getLongArray(LONGS, 4);
        // A phase of a newer library is one that is not done.
        phase = ints[0] < Phase.values().length ? Phase.values()[ints[0]] : Phase.COMPLETING;
    }

    static UploadProgress of(Pointer upload) {
        try (Memory place = new Memory(SIZE)) {
            place.clear();
            place.setLong(0, SIZE);
            // It is refused in a fork's child alone, which no Java is.
            LibOssup.ossup_upload_progress(upload, place);
            return new UploadProgress(place);
        }
    }

    /** What the upload is busy with. */
    public Phase phase() {
        return phase;
    }

    /** How many parts there are; 0 while the end of a stream is not known. */
    public int partsTotal() {
        return ints[1];
    }

    /** How many parts OSS confirmed. */
    public int partsConfirmed() {
        return ints[2];
    }

    /** The file's size; 0 while the end of a stream is not known. */
    public long bytesTotal() {
        return longs[0];
    }

    /** Bytes of confirmed parts. It never decreases, and begins with the reused ones. */
    public long bytesConfirmed() {
        return longs[1];
    }

    /** Bytes sent of parts that are not confirmed yet. */
    public long bytesInFlight() {
        return longs[2];
    }

    /** Bytes that an earlier run sent. */
    public long bytesReused() {
        return longs[3];
    }
}
