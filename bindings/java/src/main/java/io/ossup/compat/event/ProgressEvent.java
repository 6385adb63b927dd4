package io.ossup.compat.event;

/** What happened in an upload. */
public class ProgressEvent {
    private final ProgressEventType eventType;
    private final long bytes;

    public ProgressEvent(ProgressEventType type) {
        this(type, 0);
    }

    public ProgressEvent(ProgressEventType type, long bytes) {
        eventType = type;
        this.bytes = bytes;
    }

    public ProgressEventType getEventType() {
        return eventType;
    }

    /** How many bytes it is about; 0 when it is about none. */
    public long getBytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return eventType + ", bytes: " + bytes;
    }
}
