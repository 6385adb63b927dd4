package io.ossup.compat.common.comm;

/** How an endpoint that does not say so is spoken to. */
public enum Protocol {
    HTTP("http"),
    HTTPS("https");

    private final String scheme;

    Protocol(String scheme) {
        this.scheme = scheme;
    }

    /** As an address has it. */
    @Override
    public String toString() {
        return scheme;
    }
}
