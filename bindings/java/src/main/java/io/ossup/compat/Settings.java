package io.ossup.compat;

import io.ossup.OssCredentials;
import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.OssUploadException;
import io.ossup.compat.common.auth.Credentials;
import io.ossup.compat.common.auth.CredentialsProvider;
import io.ossup.compat.common.comm.SignVersion;
import java.time.Duration;

/** What a client is made of, in the library's own words. */
final class Settings {
    private final OssUploadConfig config = new OssUploadConfig();
    private final Endpoint endpoint;
    private final SignVersion version;

    Settings(String endpoint, ClientConfiguration given) {
        ClientConfiguration configuration = given == null ? new ClientConfiguration() : given;
        this.endpoint = new Endpoint(required("endpoint", endpoint), configuration);
        version = configuration.getSignatureVersion();
        if (version == SignVersion.V2) {
            throw new IllegalArgumentException("signatureVersion: there is no V2, use V4 or V1");
        }
        config.endpoint(this.endpoint.toString())
                .cname(this.endpoint.isCname())
                .pathStyle(this.endpoint.isPathStyle())
                .userAgent(configuration.getUserAgent())
                .connectTimeout(Duration.ofMillis(configuration.getConnectionTimeout()))
                .idleTimeout(Duration.ofMillis(configuration.getSocketTimeout()))
                .maxAttempts(configuration.getMaxErrorRetry() + 1)
                .maxPartsInFlight(configuration.getMaxConnections());
        if (configuration.getProxyHost() != null) {
            config.proxy(proxy(configuration));
        }
        if (configuration.getKeyStore() != null) {
            config.systemTrust(false).caPem(Pem.of(configuration.getKeyStore()));
        }
        if (!configuration.isVerifySSLEnable()) {
            config.dangerouslyDisableCertificateVerification();
        }
    }

    private static <T> T required(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return value;
    }

    private static String proxy(ClientConfiguration configuration) {
        StringBuilder proxy = new StringBuilder("http://");
        if (configuration.getProxyUsername() != null) {
            proxy.append(Percent.encode(configuration.getProxyUsername()));
            if (configuration.getProxyPassword() != null) {
                proxy.append(':').append(Percent.encode(configuration.getProxyPassword()));
            }
            proxy.append('@');
        }
        proxy.append(configuration.getProxyHost());
        if (configuration.getProxyPort() > 0) {
            proxy.append(':').append(configuration.getProxyPort());
        }
        return proxy.toString();
    }

    Settings region(String region) {
        if (region != null) {
            config.region(region);
        }
        return this;
    }

    Settings cloudBoxId(String id) {
        if (id != null) {
            config.cloudBoxId(id);
        }
        return this;
    }

    Settings credentials(Credentials known) {
        config.credentials(own(known));
        return this;
    }

    Settings credentials(CredentialsProvider provider) {
        required("credentialsProvider", provider);
        config.credentialsProvider(() -> own(provider.getCredentials()));
        return this;
    }

    private static OssCredentials own(Credentials credentials) {
        String token = credentials.useSecurityToken() ? credentials.getSecurityToken() : null;
        return new OssCredentials(credentials.getAccessKeyId(), credentials.getSecretAccessKey(), token, null);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    OssUploadClient client() {
        try {
            return version == null ? signing() : signing(version);
        } catch (OssUploadException failure) {
            throw Failures.of(failure);
        }
    }

    /** By version 4, if the region is known. What else is wrong is wrong with version 1, too. */
    private OssUploadClient signing() throws OssUploadException {
        try {
            return signing(SignVersion.V4);
        } catch (OssUploadException refused) {
            return signing(SignVersion.V1);
        }
    }

    private OssUploadClient signing(SignVersion version) throws OssUploadException {
        config.signatureVersion(version == SignVersion.V1 ? 1 : 4);
        return new OssUploadClient(config);
    }
}
