package io.ossup;

/** What a call or an upload came to. */
public enum OssStatus {
    OK(0),

    INVALID_ARGUMENT(10),
    INVALID_STATE(11),
    WOULD_DEADLOCK(12),
    TIMED_OUT(13),
    FORKED(14),
    SHUT_DOWN(15),

    SOURCE_UNREADABLE(20),
    SOURCE_CHANGED(21),
    CHECKPOINT_UNUSABLE(22),
    CHECKPOINT_FOREIGN(23),
    CHECKPOINT_TOO_NEW(24),
    BUSY(25),
    NO_RESOURCES(26),
    NO_CREDENTIALS(27),

    UNREACHABLE(30),
    CONNECTION_LOST(31),
    TLS_FAILED(32),
    NETWORK_TIMEOUT(33),
    BAD_ANSWER(34),

    SERVICE_ERROR(40),
    ACCESS_DENIED(41),
    NO_SUCH_BUCKET(42),
    NO_SUCH_UPLOAD(43),
    ALREADY_EXISTS(44),
    THROTTLED(45),
    CHECKSUM_MISMATCH(46),
    CALLBACK_FAILED(47),
    UNCONFIRMED(48),

    PAUSED(50),
    ABORTED(51),
    DEADLINE_EXCEEDED(52),

    INTERNAL(90),

    /** One that a newer library has: a failure. */
    UNKNOWN(-1);

    final int number;

    OssStatus(int number) {
        this.number = number;
    }

    static OssStatus of(int number) {
        for (OssStatus status : values()) {
            if (status.number == number) {
                return status;
            }
        }
        return UNKNOWN;
    }
}
