package io.ossup.compat;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.StandIn;
import io.ossup.compat.common.auth.Credentials;
import io.ossup.compat.common.auth.CredentialsProvider;
import io.ossup.compat.common.auth.CredentialsProviderFactory;
import io.ossup.compat.common.auth.DefaultCredentialProvider;
import io.ossup.compat.common.auth.DefaultCredentials;
import io.ossup.compat.common.auth.EnvironmentVariableCredentialsProvider;
import io.ossup.compat.common.comm.Protocol;
import io.ossup.compat.common.comm.SignVersion;
import io.ossup.compat.model.UploadFileRequest;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How clients are made, and how they speak to OSS. */
class ClientTest {
    private static final String HANGZHOU = "http://oss-cn-hangzhou.aliyuncs.com";
    private static final String V4 = "[\"authorization\",\"OSS4-HMAC-SHA256 ";
    private static final String V1 = "[\"authorization\",\"OSS ";

    @TempDir
    Path folder;

    private UploadFileRequest request() throws Exception {
        return new UploadFileRequest(StandIn.BUCKET, "object", make(folder, 1000), PART_SIZE, 1);
    }

    private void upload(OSS oss) throws Throwable {
        oss.uploadFile(request());
        oss.shutdown();
    }

    /** Goes to the stand-in, whatever the endpoint. */
    private static ClientBuilderConfiguration by(StandIn server) {
        ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
        String[] proxy = server.endpoint.replace("http://", "").split(":", -1);
        configuration.setProxyHost(proxy[0]);
        configuration.setProxyPort(Integer.parseInt(proxy[1]));
        return configuration;
    }

    private static void assertSigned(String how, StandIn server) {
        String ledger = server.ledger("InitiateMultipartUpload");
        assertTrue(ledger.contains(how), ledger);
    }

    @Test
    void theEndpointTellsTheRegionForVersionFour() throws Throwable {
        try (StandIn server = new StandIn()) {
            upload(new OSSClientBuilder().build(HANGZHOU, "ak", "sk", by(server)));
            assertSigned(V4, server);
            assertTrue(server.ledger("InitiateMultipartUpload").contains("[\"host\",\"bucket.oss-cn-hangzhou.aliyuncs.com\"]"));
        }
    }

    @Test
    void withoutARegionItIsVersionOne() throws Throwable {
        try (StandIn server = new StandIn()) {
            upload(new OSSClientBuilder().build(server.endpoint, "ak", "sk"));
            assertSigned(V1, server);
        }
    }

    @Test
    void aRegionThatIsToldIsForVersionFour() throws Throwable {
        try (StandIn server = new StandIn()) {
            upload(OSSClientBuilder.create()
                    .endpoint(server.endpoint)
                    .region("cn-hangzhou")
                    .credentialsProvider(new DefaultCredentialProvider("ak", "sk"))
                    .build());
            assertSigned(V4, server);
        }
    }

    @Test
    void theVersionThatIsAskedForCounts() throws Throwable {
        try (StandIn server = new StandIn()) {
            ClientBuilderConfiguration configuration = by(server);
            configuration.setSignatureVersion(SignVersion.V1);
            upload(new OSSClientBuilder().build(HANGZHOU, "ak", "sk", configuration));
            assertSigned(V1, server);

            configuration.setSignatureVersion(SignVersion.V4);
            RuntimeException noRegion = assertThrows(
                    IllegalArgumentException.class,
                    () -> new OSSClientBuilder().build(server.endpoint, "ak", "sk", configuration));
            assertTrue(noRegion.getMessage().contains("region"), noRegion.getMessage());

            configuration.setSignatureVersion(SignVersion.V2);
            RuntimeException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> new OSSClientBuilder().build(server.endpoint, "ak", "sk", configuration));
            assertTrue(refused.getMessage().contains("V2"), refused.getMessage());
        }
    }

    @Test
    void whatIsWrongIsNamed() {
        OSSClientBuilder builder = new OSSClientBuilder();
        ClientBuilderConfiguration hasty = new ClientBuilderConfiguration();
        hasty.setConnectionTimeout(-1);
        for (String[] wrong : new String[][] {{null, "endpoint"}, {"ftp://host", "ftp"}, {"http://a b", "a b"}}) {
            RuntimeException refused =
                    assertThrows(IllegalArgumentException.class, () -> builder.build(wrong[0], "ak", "sk"));
            assertTrue(refused.getMessage().contains(wrong[1]), refused.getMessage());
        }
        RuntimeException timeout =
                assertThrows(IllegalArgumentException.class, () -> builder.build(HANGZHOU, "ak", "sk", hasty));
        assertTrue(timeout.getMessage().contains("connect_timeout_ms"), timeout.getMessage());
        RuntimeException keyless = assertThrows(IllegalArgumentException.class, () -> builder.build(HANGZHOU, "", "sk"));
        assertTrue(keyless.getMessage().contains("AccessKeyId"), keyless.getMessage());
        RuntimeException nobody = assertThrows(
                IllegalArgumentException.class, () -> builder.build(HANGZHOU, (CredentialsProvider) null));
        assertTrue(nobody.getMessage().contains("credentialsProvider"), nobody.getMessage());
    }

    @Test
    void anEndpointWithoutASchemeIsSpokenToAsTheProtocolSays() {
        ClientConfiguration configuration = new ClientConfiguration();
        assertEquals(com.aliyun.oss.common.comm.Protocol.HTTP, new com.aliyun.oss.ClientConfiguration().getProtocol());
        assertEquals("https://host:1", new Endpoint("host:1", configuration).toString());
        configuration.setProtocol(Protocol.HTTP);
        assertEquals("http://host:1", new Endpoint("host:1", configuration).toString());
        assertEquals("https://host", new Endpoint("https://host", configuration).toString());
    }

    @Test
    void bucketsAreNamedAsTheSdkNamesThem() {
        for (String endpoint : List.of(
                "https://oss-cn-hangzhou.aliyuncs.com",
                "http://img.example.com",
                "http://localhost:8080",
                "http://127.0.0.1:99",
                "http://minio:9000",
                "http://minio:9000/",
                "http://aliyuncs.com.example")) {
            for (boolean cname : new boolean[] {false, true}) {
                for (boolean sld : new boolean[] {false, true}) {
                    com.aliyun.oss.ClientBuilderConfiguration theirs = new com.aliyun.oss.ClientBuilderConfiguration();
                    theirs.setSupportCname(cname).setSLDEnabled(sld);
                    com.aliyun.oss.OSS sdk = new com.aliyun.oss.OSSClientBuilder().build(endpoint, "ak", "sk", theirs);
                    String url = sdk.generatePresignedUrl("bucket", "dir/k ü*~+%", new java.util.Date()).toString();
                    sdk.shutdown();

                    ClientConfiguration ours = new ClientConfiguration().setSupportCname(cname).setSLDEnabled(sld);
                    assertEquals(
                            url.replaceAll("\\?.*", ""), new Endpoint(endpoint, ours).locate("bucket", "dir/k ü*~+%"));
                }
            }
        }
    }

    @Test
    void aDomainOfTheBucketsOwnIsUsed() throws Throwable {
        try (StandIn server = new StandIn("--cname", "img.example.com=bucket")) {
            ClientConfiguration configuration = by(server).setSupportCname(true);
            upload(new OSSClient("http://img.example.com", "ak", "sk", configuration));
            assertTrue(server.ledger("InitiateMultipartUpload").contains("[\"host\",\"img.example.com\"]"));

            // Those that are excluded are a service like OSS.
            configuration.setCnameExcludeList(List.of("example.com"));
            assertFalse(new Endpoint("http://img.example.com", configuration).isCname());
            assertFalse(new Endpoint(HANGZHOU, configuration).isCname());
        }
    }

    @Test
    void temporaryKeysHaveATokenWithThem() throws Throwable {
        try (StandIn server = new StandIn("--access-key", "ak:sk:token")) {
            upload(new OSSClientBuilder().build(server.endpoint, "ak", "sk", "token"));
            upload(new OSSClientBuilder().build(server.endpoint, "ak", "sk", "token", new ClientBuilderConfiguration()));
            upload(new OSSClient(server.endpoint, "ak", "sk", "token"));
            upload(new OSSClientBuilder()
                    .build(server.endpoint, CredentialsProviderFactory.newDefaultCredentialProvider("ak", "sk", "token")));
            OSS without = new OSSClientBuilder().build(server.endpoint, "ak", "sk");
            assertThrows(OSSException.class, () -> without.uploadFile(request()));
            without.shutdown();
        }
    }

    @Test
    void aProviderIsAskedAgainWhenItsKeyIsRefused() throws Throwable {
        CredentialsProvider provider = new DefaultCredentialProvider("old", "secret", "token");
        String[] keys = {"--access-key", "old:secret:token:1000000000", "--access-key", "new:secret:token"};
        try (StandIn server = new StandIn(keys)) {
            OSS oss = new OSSClientBuilder().build(server.endpoint, new CredentialsProvider() {
                private boolean asked;

                @Override
                public void setCredentials(Credentials credentials) {
                    provider.setCredentials(credentials);
                }

                @Override
                public Credentials getCredentials() {
                    if (asked) {
                        setCredentials(new DefaultCredentials("new", "secret", "token"));
                    }
                    asked = true;
                    return provider.getCredentials();
                }
            });
            upload(oss);
            assertArrayEquals(bytes(1000), server.object("object"));
        }
    }

    @Test
    void whatAProviderThrowsIsTheCause() throws Throwable {
        RuntimeException thrown = new RuntimeException("the vault is sealed");
        try (StandIn server = new StandIn()) {
            OSS oss = new OSSClientBuilder().build(server.endpoint, new CredentialsProvider() {
                @Override
                public void setCredentials(Credentials credentials) {}

                @Override
                public Credentials getCredentials() {
                    throw thrown;
                }
            });
            ClientException failed = assertThrows(ClientException.class, () -> oss.uploadFile(request()));
            assertEquals("NO_CREDENTIALS", failed.getErrorCode());
            assertEquals(thrown, failed.getCause().getCause());
            oss.shutdown();
        }
    }

    @Test
    void theEnvironmentIsAsked() {
        EnvironmentVariableCredentialsProvider provider =
                CredentialsProviderFactory.newEnvironmentVariableCredentialsProvider();
        provider.setCredentials(new DefaultCredentials("ak", "sk"));
        assertEquals(System.getenv("OSS_ACCESS_KEY_ID"), provider.getCredentials().getAccessKeyId());
        assertEquals(System.getenv("OSS_ACCESS_KEY_SECRET"), provider.getCredentials().getSecretAccessKey());
        assertEquals(System.getenv("OSS_SESSION_TOKEN"), provider.getCredentials().getSecurityToken());
    }

    @Test
    void certificatesAreCheckedUnlessTheyAreNot() throws Throwable {
        Path authority = folder.resolve("ca.pem");
        try (StandIn server = new StandIn("--https", "--ca-out", authority.toString())) {
            OSS careful = new OSSClientBuilder().build(server.httpsEndpoint, "ak", "sk");
            ClientException refused = assertThrows(ClientException.class, () -> careful.uploadFile(request()));
            assertEquals(ClientErrorCode.SSL_EXCEPTION, refused.getErrorCode());
            careful.shutdown();

            ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
            configuration.setVerifySSLEnable(false);
            upload(new OSSClientBuilder().build(server.httpsEndpoint, "ak", "sk", configuration));

            configuration.setVerifySSLEnable(true);
            configuration.setKeyStore(storeOf(authority));
            upload(new OSSClientBuilder().build(server.httpsEndpoint, "ak", "sk", configuration));

            configuration.setKeyStore(storeOf(null));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new OSSClientBuilder().build(server.httpsEndpoint, "ak", "sk", configuration));
        }
    }

    private static KeyStore storeOf(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        if (pem != null) {
            try (InputStream from = Files.newInputStream(pem)) {
                store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(from));
            }
        }
        return store;
    }

    @Test
    void theUserAgentIsTold() throws Throwable {
        try (StandIn server = new StandIn()) {
            ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
            configuration.setUserAgent("backup/7");
            upload(new OSSClientBuilder().build(server.endpoint, "ak", "sk", configuration));
            String ledger = server.ledger("InitiateMultipartUpload");
            assertTrue(ledger.matches("(?s).*\\[\"user-agent\",\"ossup/[^ ]+ backup/7\"].*"), ledger);
        }
    }

    @Test
    void aProxyIsToldWhoAsks() throws Throwable {
        try (StandIn server = new StandIn()) {
            ClientBuilderConfiguration configuration = by(server);
            configuration.setProxyUsername("us:er");
            configuration.setProxyPassword("p@ss");
            upload(new OSSClientBuilder().build(HANGZHOU, "ak", "sk", configuration));
            String ledger = server.ledger("InitiateMultipartUpload");
            // us:er:p@ss in Base64.
            assertTrue(ledger.contains("[\"proxy-authorization\",\"Basic dXM6ZXI6cEBzcw==\"]"), ledger);
        }
    }

    @Test
    void requestsAreTriedAsOftenAsItWasSaid() throws Throwable {
        try (StandIn server = new StandIn()) {
            server.fault("{\"operation\":\"InitiateMultipartUpload\"}", "{\"kind\":\"refuse\"}");
            ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
            configuration.setMaxErrorRetry(1);
            OSS oss = new OSSClientBuilder().build(server.endpoint, "ak", "sk", configuration);
            OSSException refused = assertThrows(OSSException.class, () -> oss.uploadFile(request()));
            assertEquals("ServiceUnavailable", refused.getErrorCode());
            assertEquals(2, server.count("InitiateMultipartUpload"));
            oss.shutdown();
        }
    }

    @Test
    void whatStandsStillTimesOut() throws Throwable {
        try (StandIn server = new StandIn()) {
            server.fault("{\"operation\":\"InitiateMultipartUpload\"}", "{\"kind\":\"hang\"}");
            ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
            configuration.setMaxErrorRetry(0);
            configuration.setConnectionTimeout(1);
            configuration.setSocketTimeout(1);
            OSS oss = new OSSClientBuilder().build(server.endpoint, "ak", "sk", configuration);
            ClientException failed = assertThrows(ClientException.class, () -> oss.uploadFile(request()));
            assertTrue(
                    List.of(ClientErrorCode.SOCKET_TIMEOUT, ClientErrorCode.SOCKET_EXCEPTION)
                            .contains(failed.getErrorCode()),
                    failed.getErrorCode());
            assertEquals(ClientErrorCode.UNKNOWN, failed.getRequestId());
            oss.shutdown();
        }
    }

    @Test
    void noMoreConnectionsThanItWasSaid() throws Throwable {
        try (StandIn server = new StandIn()) {
            server.fault("{\"operation\":\"UploadPart\",\"beyond\":1}", "{\"kind\":\"deny\"}");
            ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
            configuration.setMaxConnections(1);
            OSS oss = new OSSClientBuilder().build(server.endpoint, "ak", "sk", configuration);
            String file = make(folder, 10 * PART_SIZE);
            oss.uploadFile(new UploadFileRequest(StandIn.BUCKET, "object", file, PART_SIZE, 5));
            oss.shutdown();
            assertArrayEquals(bytes(10 * PART_SIZE), server.object("object"));
        }
    }

    @Test
    void defaultsAreTheLibrarys() throws Exception {
        String page = Files.readString(Path.of("../../docs/NETWORK.md"));
        ClientConfiguration ours = new ClientConfiguration();
        com.aliyun.oss.ClientConfiguration theirs = new com.aliyun.oss.ClientConfiguration();
        String row = "| `ossup_config_set_%s` | %d |";
        assertTrue(page.contains(String.format(row, "connect_timeout_ms", ours.getConnectionTimeout())));
        assertTrue(page.contains(String.format(row, "idle_timeout_ms", ours.getSocketTimeout())));
        assertTrue(page.contains(String.format(row, "max_attempts", ours.getMaxErrorRetry() + 1)));
        assertNotEquals(theirs.getConnectionTimeout(), ours.getConnectionTimeout());
        assertNotEquals(theirs.getSocketTimeout(), ours.getSocketTimeout());
        assertNotEquals(theirs.getMaxErrorRetry(), ours.getMaxErrorRetry());
        assertEquals(theirs.getMaxConnections(), ours.getMaxConnections());
        assertEquals(theirs.isSupportCname(), ours.isSupportCname());
        assertEquals(
                new com.aliyun.oss.ClientBuilderConfiguration().isSupportCname(),
                new ClientBuilderConfiguration().isSupportCname());
        assertEquals(theirs.getCnameExcludeList(), ours.getCnameExcludeList());
    }
}
