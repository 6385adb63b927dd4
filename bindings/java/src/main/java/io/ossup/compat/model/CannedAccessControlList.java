package io.ossup.compat.model;

/** Who may read and write an object. */
public enum CannedAccessControlList {
    /** As the bucket has it. */
    Default("default"),
    /** The owner alone. */
    Private("private"),
    /** Everybody may read. */
    PublicRead("public-read"),
    /** Everybody may read and write. */
    PublicReadWrite("public-read-write"),
    /** What OSS has for buckets of old; an upload is refused with it. */
    AuthenticatedRead("authenticated-read"),
    /** None of them. */
    Unknown("Unknown");

    private final String text;

    CannedAccessControlList(String text) {
        this.text = text;
    }

    /** As OSS writes it. */
    @Override
    public String toString() {
        return text;
    }

    /** What OSS wrote; {@link #Unknown} when it is none of these. */
    public static CannedAccessControlList parse(String text) {
        for (CannedAccessControlList acl : values()) {
            if (acl.text.equals(text)) {
                return acl;
            }
        }
        return Unknown;
    }
}
