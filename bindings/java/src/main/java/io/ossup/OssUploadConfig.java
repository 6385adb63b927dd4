package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** How a client speaks to OSS. What is not set is the library's default; what is set wrongly is refused by the client. */
public final class OssUploadConfig {
    private final Map<String, String> options = new LinkedHashMap<>();
    private OssCredentials credentials;
    private CredentialsProvider credentialsProvider;
    private LogLevel logLevel;
    private Logger logger;
    private Executor executor;
    private boolean anyCertificate;

    /** Such as "https://oss-cn-hangzhou.aliyuncs.com". Default: the region's. */
    public OssUploadConfig endpoint(String endpoint) {
        return option("endpoint", endpoint);
    }

    /** Such as "cn-hangzhou". Default: read from the endpoint. */
    public OssUploadConfig region(String region) {
        return option("region", region);
    }

    /** The least time between two calls of a progress listener, in whole milliseconds. Default: 100 ms. */
    public OssUploadConfig progressInterval(Duration interval) {
        return option("progress_interval_ms", Long.toString(interval.toMillis()));
    }

    /** Any other parameter, by what follows ossup_config_set_ in the name of its setter in C. */
    public OssUploadConfig option(String name, String value) {
        options.put(name, value);
        return this;
    }

    /** The access key. Without one, and without a provider, it is the environment's. */
    public OssUploadConfig credentials(OssCredentials credentials) {
        this.credentials = credentials;
        return this;
    }

    /** Who is asked for access keys, unless one is set. */
    public OssUploadConfig credentialsProvider(CredentialsProvider provider) {
        credentialsProvider = provider;
        return this;
    }

    /** Who is told what the client does, up to a level. Default: nobody. */
    public OssUploadConfig logger(LogLevel level, Logger logger) {
        logLevel = level;
        this.logger = logger;
        return this;
    }

    /**
     * What runs the progress listeners of uploads that nobody waits for, and what depends on their futures; not on the thread
     * that hands it over. Default: a few daemon threads of the client's own.
     */
    public OssUploadConfig executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    /** Accepts any certificate: for tests. */
    public OssUploadConfig dangerouslyDisableCertificateVerification() {
        anyCertificate = true;
        return this;
    }

    CredentialsProvider credentialsProvider() {
        return credentialsProvider;
    }

    Logger logger() {
        return logger;
    }

    Executor executor() {
        return executor;
    }

    /** Makes C's client, which puts its questions for credentials into one queue and its log into another. */
    Pointer toC(Pointer events, Pointer log) throws OssUploadException {
        PointerByReference config = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_config_new(config));
        try {
            return toC(config.getValue(), events, log);
        } finally {
            LibOssup.ossup_config_free(config.getValue());
        }
    }

    /** What a setter refuses, ossup_client_new reports. */
    private Pointer toC(Pointer config, Pointer events, Pointer log) throws OssUploadException {
        for (Map.Entry<String, String> option : options.entrySet()) {
            byte[] name = Text.toC("an option's name", option.getKey());
            LibOssup.ossup_config_set_option(config, name, Text.toC(option.getKey(), option.getValue()));
        }
        if (credentials != null) {
            LibOssup.ossup_config_set_credentials(
                    config,
                    Text.toC("the access key's id", credentials.accessKeyId),
                    Text.toC("the access key's secret", credentials.accessKeySecret),
                    Text.toC("the security token", credentials.securityToken));
        } else if (credentialsProvider != null) {
            LibOssup.ossup_config_add_credentials_queue(config, events, 0);
        } else {
            LibOssup.ossup_config_add_environment_credentials(config);
        }
        if (logger != null) {
            LibOssup.ossup_config_set_log_queue(config, logLevel.number(), log, 0);
        }
        if (anyCertificate) {
            LibOssup.ossup_config_dangerously_disable_certificate_verification(config);
        }
        PointerByReference client = new PointerByReference();
        PointerByReference error = new PointerByReference();
        OssUploadException.check(LibOssup.ossup_client_new(config, client, error), error);
        return client.getValue();
    }
}
