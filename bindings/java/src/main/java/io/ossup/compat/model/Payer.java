package io.ossup.compat.model;

/** Who pays for the requests. */
public enum Payer {
    /** The bucket's owner. */
    BucketOwner,
    /** Whoever asks. */
    Requester;

    /**
     * What OSS wrote.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static Payer parse(String text) {
        return valueOf(text);
    }
}
