package clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Multipart uploads, step by step. */
final class PartCases {
    static final List<Case> ALL = List.of(
            new Case("multipart_by_hand", PartCases::multipartByHand),
            new Case("parts_are_listed_in_pages", PartCases::partsAreListedInPages),
            new Case("an_aborted_upload_is_gone", PartCases::anAbortedUploadIsGone),
            new Case("uploads_are_listed_in_pages", PartCases::uploadsAreListedInPages),
            new Case("a_wrong_complete_is_refused", PartCases::aWrongCompleteIsRefused));

    private static final int SMALLEST_PART = 100 * 1024;

    private PartCases() {}

    private static void multipartByHand(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            String id = client.initiate("k", Map.of());
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            Map<Integer, String> etags = new TreeMap<>();
            for (int number = 1; number <= 3; number++) {
                byte[] data = new byte[SMALLEST_PART];
                Arrays.fill(data, (byte) number);
                etags.put(number, client.uploadPart("k", id, number, data));
                whole.writeBytes(data);
            }
            client.complete("k", id, etags);
            Check.sameBytes(client.get("k"), whole.toByteArray());
            Check.equal(client.head("k").get("x-oss-object-type"), "Multipart");
        }
    }

    private static void partsAreListedInPages(Flavour flavour) throws Exception {
        String key = "dir/a b.bin";
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            String id = client.initiate(key, Map.of());
            Map<Integer, Long> sizes = new TreeMap<>();
            for (int number : List.of(1, 2, 3, 4, 5, 8, 9, 10_000)) {
                client.uploadPart(key, id, number, new byte[number * 10]);
                sizes.put(number, number * 10L);
            }
            Check.equal(client.listParts(key, id, 3), new Client.Pages<>(sizes, 3));
        }
    }

    private static void anAbortedUploadIsGone(Flavour flavour) throws Exception {
        byte[] data = "data".getBytes(UTF_8);
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            String id = client.initiate("k", Map.of());
            client.uploadPart("k", id, 1, data);
            client.abort("k", id);
            Check.equal(client.listUploads("", 100).found(), List.of());
            Check.refused(client, "NoSuchUpload", () -> client.uploadPart("k", id, 2, data));
            Check.refused(client, "NoSuchUpload", () -> client.listParts("k", id, 10));
            Check.refused(client, "NoSuchUpload", () -> client.abort("k", id));
        }
    }

    private static void uploadsAreListedInPages(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            List<Client.Begun> begun = new ArrayList<>();
            for (String key : List.of("dir/1", "dir/1", "dir/2", "dir/中 文+", "other")) {
                begun.add(new Client.Begun(key, client.initiate(key, Map.of())));
            }
            begun.sort(Comparator.comparing(Client.Begun::key).thenComparing(Client.Begun::id));
            Check.equal(client.listUploads("", 2), new Client.Pages<>(begun, 3));
            Check.equal(client.listUploads("dir/", 3), new Client.Pages<>(begun.subList(0, 4), 2));
        }
    }

    private static void aWrongCompleteIsRefused(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            String id = client.initiate("k", Map.of());
            String one = client.uploadPart("k", id, 1, "small".getBytes(UTF_8));
            String two = client.uploadPart("k", id, 2, "small too".getBytes(UTF_8));
            Map<Integer, String> tooSmall = new TreeMap<>(Map.of(1, one, 2, two));
            Check.refused(client, "EntityTooSmall", () -> client.complete("k", id, tooSmall));
            Map<Integer, String> mistaken = Map.of(1, two);
            Check.refused(client, "InvalidPart", () -> client.complete("k", id, mistaken));
            Map<Integer, String> unknown = new TreeMap<>(Map.of(1, one, 3, two));
            Check.refused(client, "InvalidPart", () -> client.complete("k", id, unknown));
        }
    }
}
