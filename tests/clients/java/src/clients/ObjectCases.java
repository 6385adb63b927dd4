package clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Objects that go up in one request. */
final class ObjectCases {
    static final List<Case> ALL = List.of(
            new Case("put_get_head", ObjectCases::putGetHead),
            new Case("get_a_range", ObjectCases::getARange),
            new Case("absent_objects_are_told_apart", ObjectCases::absentObjectsAreToldApart),
            new Case("metadata_comes_back", ObjectCases::metadataComesBack),
            new Case("keys_may_be_nasty", ObjectCases::keysMayBeNasty),
            new Case("objects_are_listed_in_pages", ObjectCases::objectsAreListedInPages),
            new Case("overwriting_can_be_forbidden", ObjectCases::overwritingCanBeForbidden),
            new Case("a_callback_is_relayed", ObjectCases::aCallbackIsRelayed),
            new Case("a_failed_callback_is_told", ObjectCases::aFailedCallbackIsTold));

    private static final List<String> NASTY_KEYS = List.of(
            "a b+c%d.bin",
            "dir//double/slash",
            "trailing/",
            "中文/文件 1+2.bin",
            "😀.txt",
            "quotes'\"<&>;.xml",
            "question?mark=1&hash#tilde~*|()!$@,",
            "%41%2F%zz");

    private ObjectCases() {}

    private static void putGetHead(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            for (byte[] data : List.of(new byte[0], "123456789".getBytes(UTF_8), new byte[1 << 20])) {
                client.put("k", data, Map.of(), null);
                Check.sameBytes(client.get("k"), data);
                Check.equal(client.head("k").get("content-length"), String.valueOf(data.length));
            }
            client.put("k", "123456789");
            Map<String, String> found = client.head("k");
            Check.equal(found.get("etag").replace("\"", ""), "25F9E794323B453885F5181F1B624D0B");
            Check.equal(found.get("x-oss-hash-crc64ecma"), "11051210869376104954");
        }
    }

    private static void getARange(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            client.put("k", "0123456789");
            Check.sameBytes(client.get("k", 2, 5), "2345".getBytes(UTF_8));
        }
    }

    private static void absentObjectsAreToldApart(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            Check.refused(client, "NoSuchKey", () -> client.get("absent"));
            Check.refused(client, "NoSuchKey", () -> client.head("absent"));
        }
    }

    private static void metadataComesBack(Flavour flavour) throws Exception {
        Map<String, String> headers = Map.of(
                "content-type", "text/plain; charset=utf-8",
                "cache-control", "max-age=60",
                "content-disposition", "attachment; filename=\"a b.txt\"",
                "x-oss-storage-class", "IA",
                "x-oss-meta-author", "alice",
                "x-oss-meta-note", "two words, one comma");
        Map<String, String> acl = Map.of("x-oss-object-acl", "public-read");
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            Map<String, String> sent = new HashMap<>(headers);
            sent.put("x-oss-tagging", "k1=v1&k2=v+2");
            String id = client.initiate("parts", sent);
            client.complete("parts", id, Map.of(1, client.uploadPart("parts", id, 1, new byte[4])), acl, null);
            sent.putAll(acl);
            client.put("put", new byte[4], sent, null);
            for (String key : List.of("put", "parts")) {
                Map<String, String> found = client.head(key);
                headers.forEach((name, value) -> Check.equal(found.get(name), value));
                Check.equal(found.get("x-oss-tagging-count"), "2");
                Check.equal(client.acl(key), "public-read");
            }
        }
    }

    private static void keysMayBeNasty(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            for (String key : NASTY_KEYS) {
                byte[] data = key.getBytes(UTF_8);
                client.put(key, key);
                Check.sameBytes(client.get(key), data);
                Check.sameBytes(site.object(key), data);
                byte[] twice = (key + key).getBytes(UTF_8);
                String id = client.initiate(key, Map.of());
                client.complete(key, id, Map.of(1, client.uploadPart(key, id, 1, twice)));
                Check.sameBytes(site.object(key), twice);
            }
        }
    }

    private static void objectsAreListedInPages(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            for (String key : NASTY_KEYS) {
                client.put(key, key);
            }
            Client.Pages<Map<String, Long>> listed = client.listObjects(3);
            Check.equal(listed.pages(), 3);
            List<String> inOrder = NASTY_KEYS.stream()
                    .sorted(Comparator.comparing(key -> key.getBytes(UTF_8), Arrays::compareUnsigned))
                    .toList();
            Check.equal(List.copyOf(listed.found().keySet()), inOrder);
            listed.found().forEach((key, size) -> Check.equal(size, (long) key.getBytes(UTF_8).length));
        }
    }

    private static void overwritingCanBeForbidden(Flavour flavour) throws Exception {
        Map<String, String> forbid = Map.of("x-oss-forbid-overwrite", "true");
        byte[] fresh = "new".getBytes(UTF_8);
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            client.put("k", "old");
            Check.refused(client, "FileAlreadyExists", () -> client.put("k", fresh, forbid, null));
            String id = client.initiate("k", Map.of());
            Map<Integer, String> etags = Map.of(1, client.uploadPart("k", id, 1, fresh));
            Check.refused(client, "FileAlreadyExists", () -> client.complete("k", id, etags, forbid, null));
            Check.sameBytes(site.object("k"), "old".getBytes(UTF_8));
            client.complete("k", id, etags);
            Check.sameBytes(site.object("k"), fresh);
        }
    }

    /** A callback server; what it was sent waits in the queue. */
    record Application(HttpServer server, BlockingQueue<String> bodies) implements AutoCloseable {
        static Application start(int status) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
            server.createContext("/", exchange -> {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                byte[] answer = "{\"accepted\":true}".getBytes(UTF_8);
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return new Application(server, bodies);
        }

        Client.Notice notice() {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/done";
            return new Client.Notice(url, "key=${object}&size=${size}&who=${x:who}", "alice");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static void aCallbackIsRelayed(Flavour flavour) throws Exception {
        String accepted = "{\"accepted\":true}";
        try (StandIn site = new StandIn();
                Application application = Application.start(200);
                Client client = flavour.open(site)) {
            Check.equal(client.put("k", new byte[4], Map.of(), application.notice()), accepted);
            Check.equal(application.bodies().take(), "key=k&size=4&who=alice");
            String id = client.initiate("parts", Map.of());
            Map<Integer, String> etags = Map.of(1, client.uploadPart("parts", id, 1, new byte[9]));
            Check.equal(client.complete("parts", id, etags, Map.of(), application.notice()), accepted);
            Check.equal(application.bodies().take(), "key=parts&size=9&who=alice");
        }
    }

    private static void aFailedCallbackIsTold(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Application application = Application.start(500);
                Client client = flavour.open(site)) {
            if (client.tellsAFailedCallback()) {
                Check.refused(
                        client,
                        "CallbackFailed",
                        () -> client.put("k", new byte[4], Map.of(), application.notice()));
            } else {
                String answer = client.put("k", new byte[4], Map.of(), application.notice());
                Check.equal(answer.contains("<Code>CallbackFailed</Code>"), true);
            }
            Check.equal(application.bodies().take(), "key=k&size=4&who=alice");
            Check.sameBytes(site.object("k"), new byte[4]);
        }
    }
}
