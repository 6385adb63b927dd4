package io.ossup.compat;

/** How a client speaks to OSS: what {@link OSSClientBuilder} takes. */
public class ClientBuilderConfiguration extends ClientConfiguration {
    public ClientBuilderConfiguration() {
        setSupportCname(false);
    }
}
