package clients;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The stand-in as a child process, and its admin port. */
final class StandIn implements AutoCloseable {
    static final String BUCKET = "bucket";

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final JsonNode ready;

    /** Runs a server with one bucket. */
    StandIn(String... flags) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(System.getenv("OSS_SERVER"), "--bucket", BUCKET, "--until-stdin-closes"));
        command.addAll(List.of(flags));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ready = Json.read(new BufferedReader(new InputStreamReader(process.getInputStream())).readLine());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    String endpoint() {
        return ready.get("endpoint").textValue();
    }

    String httpsEndpoint() {
        return ready.get("https_endpoint").textValue();
    }

    int port() {
        return URI.create(endpoint()).getPort();
    }

    /** The requests that were taken and answered. */
    List<Entry> ledger() throws Exception {
        return ledger(Map.of("status", "200", "answered", "true"));
    }

    /** What was asked, taken or not, in the order of its coming. */
    List<String> operations() throws Exception {
        return ledger(Map.of()).stream().map(Entry::operation).toList();
    }

    private List<Entry> ledger(Map<String, String> filters) throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : Json.read(text("GET", "/-/ledger", filters, ""))) {
            Map<String, String> headers = new HashMap<>();
            entry.get("headers").forEach(pair -> headers.put(pair.get(0).textValue(), pair.get(1).textValue()));
            entries.add(new Entry(
                    entry.get("operation").textValue(), entry.get("part_number").asInt(), headers));
        }
        return entries;
    }

    /** One request that was taken and answered. */
    record Entry(String operation, int part, Map<String, String> headers) {}

    void clearLedger() throws Exception {
        text("DELETE", "/-/ledger", Map.of(), "");
    }

    int count(String operation) throws Exception {
        return Integer.parseInt(text("GET", "/-/count", Map.of("operation", operation), ""));
    }

    /** The numbers of all parts that were taken and answered, in the order of their coming. */
    List<Integer> sentParts() throws Exception {
        return ledger().stream()
                .filter(entry -> entry.operation().equals("UploadPart"))
                .map(Entry::part)
                .toList();
    }

    /** The part numbers of the only incomplete upload. */
    List<Integer> storedParts() throws Exception {
        JsonNode uploads = Json.read(text("GET", "/-/uploads", Map.of(), ""));
        Check.equal(uploads.size(), 1);
        List<Integer> numbers = new ArrayList<>();
        uploads.get(0).get("parts").forEach(part -> numbers.add(part.get("number").intValue()));
        return numbers;
    }

    byte[] object(String key) throws Exception {
        return ask("GET", "/-/object", Map.of("bucket", BUCKET, "key", key), "");
    }

    /** Puts a fault in force: when it fires, and what it then does. */
    void fault(Map<String, Object> when, Map<String, Object> then) throws Exception {
        text("POST", "/-/faults", Map.of(), Json.write(Map.of("when", when, "then", then)));
    }

    void clearFaults() throws Exception {
        text("DELETE", "/-/faults", Map.of(), "");
    }

    private String text(String method, String path, Map<String, String> query, String body) throws Exception {
        return new String(ask(method, path, query, body), StandardCharsets.UTF_8);
    }

    private byte[] ask(String method, String path, Map<String, String> query, String body) throws Exception {
        String asked = query.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(ready.get("admin").textValue() + path + "?" + asked))
                .method(method, BodyPublishers.ofString(body))
                .timeout(LONGEST_WAIT)
                .build();
        HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new AssertionError(method + " " + path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }
}
