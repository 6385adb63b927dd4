package io.ossup.compat.model;

/** How an object is stored and billed: for {@link ObjectMetadata#setHeader}, under the name x-oss-storage-class. */
public enum StorageClass {
    /** Read often. */
    Standard,
    /** Read seldom. */
    IA,
    /** Read hardly ever, and not at once. */
    Archive,
    /** Kept for years. */
    ColdArchive,
    /** Kept for longer still. */
    DeepColdArchive,
    /** None of them. */
    Unknown;

    /** What OSS wrote; {@link #Unknown} when it is none of these. */
    public static StorageClass parse(String text) {
        for (StorageClass storage : values()) {
            if (storage.name().equals(text)) {
                return storage;
            }
        }
        return Unknown;
    }
}
