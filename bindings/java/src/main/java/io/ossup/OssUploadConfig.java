package io.ossup;

import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * How a client speaks to OSS. What is not set is the library's default; what is set wrongly is refused by the client.
 *
 * <p>Sources of credentials are asked in the order in which they were added; where none was, it is the environment.
 */
public final class OssUploadConfig {
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<CredentialsSource> sources = new ArrayList<>();
    private final List<CredentialsProvider> providers = new ArrayList<>();
    private LogLevel logLevel = LogLevel.INFO;
    private Logger logger;
    private Executor executor;

    /** Such as "https://oss-cn-hangzhou.aliyuncs.com". Default: the region's. */
    public OssUploadConfig endpoint(String endpoint) {
        return option("endpoint", endpoint);
    }

    /** Such as "cn-hangzhou". Default: read from the endpoint. */
    public OssUploadConfig region(String region) {
        return option("region", region);
    }

    /** The product that signatures of version 4 are made for. Default: "oss", or "oss-cloudbox" for a cloud box. */
    public OssUploadConfig product(String product) {
        return option("product", product);
    }

    /** The cloud box that signatures of version 4 are made for. Default: the one that the endpoint names. */
    public OssUploadConfig cloudBoxId(String id) {
        return option("cloud_box_id", id);
    }

    /** 4 (default), or 1 for private deployments of old. */
    public OssUploadConfig signatureVersion(int version) {
        return option("signature_version", Integer.toString(version));
    }

    /** Whether the bucket goes into the path instead of the host. Default: false. OSS's own endpoints refuse it. */
    public OssUploadConfig pathStyle(boolean enable) {
        return option("path_style", Boolean.toString(enable));
    }

    /** Whether the endpoint is a domain of the bucket's own. Default: false. */
    public OssUploadConfig cname(boolean enable) {
        return option("cname", Boolean.toString(enable));
    }

    /** A PEM file of certificates to trust besides the operating system's. Default: none. */
    public OssUploadConfig caFile(String file) {
        return option("ca_file", file);
    }

    /** A PEM file of certificates to trust besides the operating system's. Default: none. */
    public OssUploadConfig caFile(Path file) {
        return option("ca_file", file);
    }

    /** Certificates to trust besides the operating system's, as PEM text. Default: none. */
    public OssUploadConfig caPem(String pem) {
        return option("ca_pem", pem);
    }

    /**
     * Whether the operating system's certificates are trusted; Java's own trust store is not looked at. Default: true.
     */
    public OssUploadConfig systemTrust(boolean enable) {
        return option("system_trust", Boolean.toString(enable));
    }

    /**
     * Such as "http://user:password@proxy:3128"; "" is none. Default: null, which leaves it to the environment; Java's own
     * properties are not looked at.
     */
    public OssUploadConfig proxy(String url) {
        return option("proxy", url);
    }

    /** The hosts that are reached without the proxy, separated by commas. Default: null, the environment's. */
    public OssUploadConfig noProxy(String list) {
        return option("no_proxy", list);
    }

    /** What the User-Agent of requests says after "ossup/" and the version. Default: nothing. */
    public OssUploadConfig userAgent(String text) {
        return option("user_agent", text);
    }

    /** Where an ECS instance's metadata are. Default: "http://100.100.100.200". */
    public OssUploadConfig ecsMetadataEndpoint(String endpoint) {
        return option("ecs_metadata_endpoint", endpoint);
    }

    /** Where STS is. Default: ALIBABA_CLOUD_STS_ENDPOINT of the environment, or else "sts.aliyuncs.com". */
    public OssUploadConfig stsEndpoint(String endpoint) {
        return option("sts_endpoint", endpoint);
    }

    /** How long a source of credentials may take before the next one is asked. Default: 60 s. */
    public OssUploadConfig credentialsTimeout(Duration timeout) {
        return option("credentials_timeout_ms", Long.toString(Millis.of(timeout)));
    }

    /** How long a connection may take to stand. Default: 10 s. */
    public OssUploadConfig connectTimeout(Duration timeout) {
        return option("connect_timeout_ms", Long.toString(Millis.of(timeout)));
    }

    /** How long a request may stand still before it is tried again. Default: 30 s. */
    public OssUploadConfig idleTimeout(Duration timeout) {
        return option("idle_timeout_ms", Long.toString(Millis.of(timeout)));
    }

    /** How long OSS may take to make the object of its parts. Default: 600 s. */
    public OssUploadConfig completeTimeout(Duration timeout) {
        return option("complete_timeout_ms", Long.toString(Millis.of(timeout)));
    }

    /** How often a request is tried, the first time included. Default: 8. */
    public OssUploadConfig maxAttempts(int attempts) {
        return option("max_attempts", Integer.toString(attempts));
    }

    /**
     * How long an upload keeps trying against temporary errors, however often that is. Default: 0, the number of attempts
     * decides.
     */
    public OssUploadConfig maxElapsed(Duration time) {
        return option("max_elapsed_ms", Long.toString(Millis.of(time)));
    }

    /**
     * How many bytes a second all uploads of the client may send together: at least 1024, or 0 (default) for no cap.
     * {@link OssUploadClient#setBandwidthLimit} changes it later.
     */
    public OssUploadConfig bandwidthLimit(long bytesPerSecond) {
        return option("bandwidth_limit", Long.toString(bytesPerSecond));
    }

    /** The least time between two calls of a progress listener, in whole milliseconds. Default: 100 ms. */
    public OssUploadConfig progressInterval(Duration interval) {
        return option("progress_interval_ms", Long.toString(Millis.of(interval)));
    }

    /** How many uploads are under way at a time; others wait. Default: 64; 0 is no bound. */
    public OssUploadConfig maxUploads(int uploads) {
        return option("max_uploads", Integer.toString(uploads));
    }

    /** How many parts of all uploads together may be under way at a time. Default: 0, no cap. */
    public OssUploadConfig maxPartsInFlight(int count) {
        return option("max_parts_in_flight", Integer.toString(count));
    }

    /** How many bytes of memory the parts under way may take: at least 786432. Default: 0, no cap. */
    public OssUploadConfig maxMemory(long bytes) {
        return option("max_memory", Long.toString(bytes));
    }

    /** The way into the region, where a region is set and no endpoint. Default: {@link Network#PUBLIC}. */
    public OssUploadConfig network(Network network) {
        return option("network", Integer.toString(network.ordinal()));
    }

    /** Has signatures of version 4 cover one more header, such as "cache-control", on the requests that have it. */
    public OssUploadConfig signedHeader(String name) {
        return set("signed header " + name, config -> LibOssup.ossup_config_add_signed_header(
                config, Text.toC("a signed header", name)));
    }

    /** Accepts any certificate: whoever sits on the way can read and change everything. For tests. */
    public OssUploadConfig dangerouslyDisableCertificateVerification() {
        return set("trust", LibOssup::ossup_config_dangerously_disable_certificate_verification);
    }

    /** Any other parameter, by what follows ossup_config_set_ in the name of its setter in C. */
    public OssUploadConfig option(String name, String value) {
        return set(name, config -> LibOssup.ossup_config_set_option(
                config, Text.toC("an option's name", name), Text.toC(name, value)));
    }

    private OssUploadConfig option(String name, Path path) {
        return set(name, config -> LibOssup.ossup_config_set_option(
                config, Text.toC("an option's name", name), FileName.toC(name, path)));
    }

    /** The access key, in place of all sources of credentials that were added before. */
    public OssUploadConfig credentials(OssCredentials credentials) {
        sources.clear();
        providers.clear();
        return source((config, questions) -> LibOssup.ossup_config_set_credentials(
                config,
                Text.toC("the access key's id", credentials.accessKeyId),
                Text.toC("the access key's secret", credentials.accessKeySecret),
                Text.toC("the security token", credentials.securityToken)));
    }

    /** Adds whom to ask for access keys. */
    public OssUploadConfig credentialsProvider(CredentialsProvider provider) {
        long tag = providers.size();
        providers.add(provider);
        return source((config, questions) ->
                LibOssup.ossup_config_add_credentials_queue(config, questions, tag));
    }

    /**
     * Adds the environment: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN, or else
     * ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN.
     */
    public OssUploadConfig environmentCredentials() {
        return source((config, questions) -> LibOssup.ossup_config_add_environment_credentials(config));
    }

    /** Adds the RAM role of the ECS instance that this runs on; null for the one that it has. */
    public OssUploadConfig ecsRamRole(String roleName) {
        return source((config, questions) ->
                LibOssup.ossup_config_add_ecs_ram_role(config, Text.toC("the role's name", roleName)));
    }

    /**
     * Adds a RAM role that STS lends in exchange for an OIDC token, as Kubernetes hands one to a pod (RRSA). Each of the three
     * is null for what the environment says.
     */
    public OssUploadConfig oidcRole(String roleArn, String oidcProviderArn, String tokenFile) {
        return source((config, questions) -> LibOssup.ossup_config_add_oidc_role(
                config,
                Text.toC("the role's ARN", roleArn),
                Text.toC("the OIDC provider's ARN", oidcProviderArn),
                Text.toC("the token's file", tokenFile)));
    }

    /** Who is told what the client does, up to a level. Default: nobody. */
    public OssUploadConfig logger(LogLevel level, Logger logger) {
        logLevel = level;
        this.logger = logger;
        return this;
    }

    /**
     * What runs the progress listeners of uploads that nobody waits for, and what depends on their futures. It may run them at
     * once ({@code Runnable::run}), on the client's thread of events: then they must not take their time. Default: a few daemon
     * threads of the client's own.
     */
    public OssUploadConfig executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    List<CredentialsProvider> providers() {
        return new ArrayList<>(providers);
    }

    Logger logger() {
        return logger;
    }

    Executor executor() {
        return executor;
    }

    /** Makes C's client, which puts its questions for credentials into one queue and its log into another. */
    Handle toC(Pointer questions, Pointer log) throws OssUploadException {
        try (Handle config = Handle.make(LibOssup::ossup_config_new, LibOssup::ossup_config_free)) {
            for (Setting setting : settings.values()) {
                setting.setIn(config.get());
            }
            for (CredentialsSource source : sources) {
                source.addTo(config.get(), questions);
            }
            if (sources.isEmpty()) {
                LibOssup.ossup_config_add_environment_credentials(config.get());
            }
            if (logger != null) {
                LibOssup.ossup_config_set_log_queue(config.get(), logLevel.number(), log, 0);
            }
            return Handle.makeOrTell(
                    (out, error) -> LibOssup.ossup_client_new(config.get(), out, error), LibOssup::ossup_client_free);
        }
    }

    private OssUploadConfig set(String name, Setting setting) {
        settings.put(name, setting);
        return this;
    }

    private OssUploadConfig source(CredentialsSource source) {
        sources.add(source);
        return this;
    }

    /** Adds itself to a config of C's; what asks Java does so by a queue. */
    private interface CredentialsSource {
        void addTo(Pointer config, Pointer questions) throws OssUploadException;
    }
}
