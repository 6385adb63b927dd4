package io.ossup.compat;

import io.ossup.compat.common.auth.CredentialsProvider;

/**
 * Makes clients.
 *
 * <p>Requests are signed by version 4 where the endpoint names the region, as OSS's own do, or where it was told, by version 1
 * elsewhere; {@link ClientConfiguration#setSignatureVersion} says otherwise. What is wrong with an endpoint or a configuration
 * is an {@link IllegalArgumentException}.
 */
public class OSSClientBuilder {
    public OSS build(String endpoint, String accessKeyId, String secretAccessKey) {
        return build(endpoint, accessKeyId, secretAccessKey, (String) null);
    }

    public OSS build(String endpoint, String accessKeyId, String secretAccessKey, String securityToken) {
        return build(endpoint, accessKeyId, secretAccessKey, securityToken, null);
    }

    public OSS build(
            String endpoint, String accessKeyId, String secretAccessKey, ClientBuilderConfiguration configuration) {
        return build(endpoint, accessKeyId, secretAccessKey, null, configuration);
    }

    public OSS build(
            String endpoint,
            String accessKeyId,
            String secretAccessKey,
            String securityToken,
            ClientBuilderConfiguration configuration) {
        return new OSSClient(endpoint, accessKeyId, secretAccessKey, securityToken, given(configuration));
    }

    public OSS build(String endpoint, CredentialsProvider provider) {
        return build(endpoint, provider, null);
    }

    public OSS build(String endpoint, CredentialsProvider provider, ClientBuilderConfiguration configuration) {
        return new OSSClient(endpoint, provider, given(configuration));
    }

    private static ClientConfiguration given(ClientConfiguration configuration) {
        return configuration == null ? new ClientBuilderConfiguration() : configuration;
    }

    /** Makes a client step by step. */
    public static OSSClientBuilderImpl create() {
        return new OSSClientBuilderImpl();
    }

    /** What a client is made of. */
    public static final class OSSClientBuilderImpl {
        private String endpoint;
        private String region;
        private String cloudBoxId;
        private CredentialsProvider provider;
        private ClientConfiguration configuration;

        private OSSClientBuilderImpl() {}

        /** Such as "https://oss-cn-hangzhou.aliyuncs.com". */
        public OSSClientBuilderImpl endpoint(String endpoint) {
            this.endpoint = endpoint;
            return this;
        }

        /** Such as "cn-hangzhou". Default: read from the endpoint. */
        public OSSClientBuilderImpl region(String region) {
            this.region = region;
            return this;
        }

        /** The cloud box that the endpoint is of. Default: read from the endpoint. */
        public OSSClientBuilderImpl cloudBoxId(String id) {
            cloudBoxId = id;
            return this;
        }

        public OSSClientBuilderImpl credentialsProvider(CredentialsProvider provider) {
            this.provider = provider;
            return this;
        }

        public OSSClientBuilderImpl clientConfiguration(ClientConfiguration configuration) {
            this.configuration = configuration;
            return this;
        }

        public OSS build() {
            Settings settings = new Settings(endpoint, given(configuration)).region(region).cloudBoxId(cloudBoxId);
            return new OSSClient(settings.credentials(provider));
        }
    }
}
