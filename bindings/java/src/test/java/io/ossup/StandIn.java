package io.ossup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that behaves as OSS does, as a child process. It knows the access key "ak" with the secret "sk", unless told
 * others.
 */
public final class StandIn implements AutoCloseable {
    public static final String BUCKET = "bucket";

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    public final String endpoint;
    /** With a certificate that nobody trusts; null unless it was asked for. */
    public final String httpsEndpoint;
    private final String admin;

    public StandIn(String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getenv("OSS_SERVER"));
        command.addAll(List.of("--bucket", BUCKET, "--until-stdin-closes"));
        command.addAll(List.of(flags));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String ready = out.readLine();
        endpoint = field("endpoint", ready);
        httpsEndpoint = ready.contains("\"https_endpoint\":null") ? null : field("https_endpoint", ready);
        admin = field("admin", ready);
    }

    private static String field(String name, String json) {
        Matcher found = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1);
    }

    OssUploadConfig config() {
        return new OssUploadConfig()
                .endpoint(endpoint)
                .region("cn-hangzhou")
                .option("progress_interval_ms", "1");
    }

    OssUploadClient client() throws OssUploadException {
        return new OssUploadClient(config().credentials(new OssCredentials("ak", "sk")));
    }

    OssUploadClient client(CredentialsProvider provider) throws OssUploadException {
        return new OssUploadClient(config().credentialsProvider(provider));
    }

    /** Puts a fault in force. */
    public void fault(String when, String then) {
        ask("POST", "/-/faults", "{\"when\":" + when + ",\"then\":" + then + "}");
    }

    /** Has parts arrive so slowly that there is time to stop them. */
    public void slow() {
        fault("{\"operation\":\"UploadPart\"}", "{\"kind\":\"throttle\",\"bytes_per_s\":1048576}");
    }

    /** Has all parts but the first ones hang. */
    public void hang(int but) {
        fault("{\"operation\":\"UploadPart\",\"skip\":" + but + "}", "{\"kind\":\"hang\"}");
    }

    public void clearFaults() {
        ask("DELETE", "/-/faults", "");
    }

    /** How many requests of an operation were answered. */
    public int count(String operation) {
        return Integer.parseInt(text("/-/count?answered=true&operation=" + operation));
    }

    public byte[] object(String key) {
        return ask("GET", "/-/object?bucket=" + BUCKET + "&key=" + URLEncoder.encode(key, StandardCharsets.UTF_8), "");
    }

    public String uploads() {
        return text("/-/uploads");
    }

    /** What the requests of an operation were, as JSON. */
    public String ledger(String operation) {
        return text("/-/ledger?operation=" + operation);
    }

    private String text(String path) {
        return new String(ask("GET", path, ""), StandardCharsets.UTF_8);
    }

    private byte[] ask(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(admin + path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            assertEquals(200, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
            return answer.body();
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        Waiting.uninterruptibly(process::waitFor);
    }
}
