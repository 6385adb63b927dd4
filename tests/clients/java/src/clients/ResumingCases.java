package clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The clients' own resumable uploads, interrupted and resumed. */
final class ResumingCases {
    static final List<Case> ALL = List.of(
            new Case("an_upload_goes_through", ResumingCases::anUploadGoesThrough),
            new Case("small_files_go_up", ResumingCases::smallFilesGoUp),
            new Case("an_upload_carries_its_options", ResumingCases::anUploadCarriesItsOptions),
            new Case("an_upload_goes_on_after_a_fault", ResumingCases::anUploadGoesOnAfterAFault),
            new Case("an_upload_goes_on_after_a_refused_complete", ResumingCases::anUploadGoesOnAfterARefusedComplete),
            new Case("a_lost_upload_is_begun_anew", ResumingCases::aLostUploadIsBegunAnew),
            new Case("a_lost_answer_is_an_error", ResumingCases::aLostAnswerIsAnError),
            new Case("a_wrong_crc_of_a_resumed_upload_is_noticed", ResumingCases::aWrongCrcOfAResumedUploadIsNoticed),
            new Case("a_failed_callback_of_an_upload_is_told", ResumingCases::aFailedCallbackOfAnUploadIsTold));

    static final int PARTS = 12;

    private static final int PART_SIZE = 256 * 1024;
    private static final List<Integer> ALL_PARTS = IntStream.rangeClosed(1, PARTS).boxed().toList();
    private static final List<String> WATCHED = List.of(
            "callback", "forbid-overwrite", "meta-author", "object-acl", "request-payer", "traffic-limit");

    private ResumingCases() {}

    /** A file to upload and a place for the client's records. */
    private record Work(Path folder, Path file, Path records, byte[] data) implements AutoCloseable {
        static Work make() throws IOException {
            return make(PARTS * PART_SIZE - 1000);
        }

        static Work make(int size) throws IOException {
            Path folder = Files.createTempDirectory("ossup-clients-");
            byte[] data = new byte[size];
            new Random().nextBytes(data);
            Path file = Files.write(folder.resolve("source.bin"), data);
            return new Work(folder, file, Files.createDirectory(folder.resolve("records")), data);
        }

        void upload(Client client) throws Exception {
            client.uploadFile("k", file, PART_SIZE, records, Map.of(), null);
        }

        List<Path> recordsLeft() throws IOException {
            try (Stream<Path> left = Files.list(records)) {
                return left.toList();
            }
        }

        @Override
        public void close() throws IOException {
            for (Path left : recordsLeft()) {
                Files.delete(left);
            }
            for (Path path : List.of(records, file, folder)) {
                Files.delete(path);
            }
        }
    }

    private static void anUploadGoesThrough(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                Client client = flavour.open(site)) {
            work.upload(client);
            Check.equal(site.sentParts(), ALL_PARTS);
            Check.sameBytes(site.object("k"), work.data());
            Check.equal(work.recordsLeft(), List.of());
        }
    }

    private static void smallFilesGoUp(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work small = Work.make(1000);
                Client client = flavour.open(site)) {
            small.upload(client);
            Check.sameBytes(site.object("k"), small.data());
            Check.equal(site.operations(), client.operationsOfASmallFile());
        }
        try (StandIn site = new StandIn();
                Work empty = Work.make(0);
                Client client = flavour.open(site)) {
            if (client.operationsOfAnEmptyFile().equals(List.of("PutObject"))) {
                empty.upload(client);
                Check.sameBytes(site.object("k"), empty.data());
            } else {
                // Whether the service takes a Complete without parts, nobody knows; the stand-in does not.
                Check.refused(client, "MalformedXML", () -> empty.upload(client));
            }
            Check.equal(site.operations(), client.operationsOfAnEmptyFile());
        }
    }

    private static void anUploadCarriesItsOptions(Flavour flavour) throws Exception {
        Map<String, String> headers = Map.of(
                "x-oss-forbid-overwrite", "true",
                "x-oss-meta-author", "alice",
                "x-oss-object-acl", "private",
                "x-oss-request-payer", "requester",
                "x-oss-traffic-limit", "838860800");
        try (StandIn site = new StandIn();
                Work work = Work.make();
                ObjectCases.Application application = ObjectCases.Application.start(200);
                Client client = flavour.open(site)) {
            client.uploadFile("k", work.file(), PART_SIZE, work.records(), headers, application.notice());
            List<String> carried = site.ledger().stream().map(ResumingCases::carried).distinct().toList();
            Check.equal(carried, client.carriedOptions());
        }
    }

    private static String carried(StandIn.Entry entry) {
        Stream<String> names = WATCHED.stream().filter(name -> entry.headers().containsKey("x-oss-" + name));
        return Stream.concat(Stream.of(entry.operation()), names).collect(Collectors.joining(" "));
    }

    /** An upload that failed at part 6; aliyun-sdk-oss sends the others all the same. */
    private static List<Integer> interrupt(Flavour flavour, StandIn site, Work work) throws Exception {
        site.fault(
                Map.of("operation", "UploadPart", "part_number", 6), Map.of("kind", "reset", "after", 1000));
        try (Client client = flavour.open(site)) {
            Check.errorOf(() -> work.upload(client));
        }
        site.clearFaults();
        site.clearLedger();
        Check.equal(work.recordsLeft().size(), 1);
        List<Integer> stored = site.storedParts();
        Check.equal(stored.containsAll(List.of(1, 2, 3, 4, 5)) && !stored.contains(6), true);
        return stored;
    }

    private static void anUploadGoesOnAfterAFault(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                Client client = flavour.open(site)) {
            List<Integer> stored = interrupt(flavour, site, work);
            work.upload(client);
            List<Integer> missing = ALL_PARTS.stream().filter(part -> !stored.contains(part)).toList();
            Check.equal(site.sentParts(), missing);
            Check.equal(site.count("InitiateMultipartUpload"), 0);
            Check.sameBytes(site.object("k"), work.data());
            Check.equal(work.recordsLeft(), List.of());
        }
    }

    private static void anUploadGoesOnAfterARefusedComplete(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                Client client = flavour.open(site)) {
            site.fault(Map.of("operation", "CompleteMultipartUpload"), Map.of("kind", "deny"));
            Check.refused(client, "AccessDenied", () -> work.upload(client));
            site.clearFaults();
            site.clearLedger();
            work.upload(client);
            Check.equal(site.sentParts(), client.sentAgainAfterARefusedComplete());
            Check.sameBytes(site.object("k"), work.data());
        }
    }

    private static void aLostUploadIsBegunAnew(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                Client client = flavour.open(site)) {
            boolean begunAnew = client.beginsALostUploadAnew();
            String nextCall = begunAnew ? "ListParts" : "UploadPart";
            interrupt(flavour, site, work);
            site.fault(Map.of("operation", nextCall, "times", 1), Map.of("kind", "lose_upload"));
            if (begunAnew) {
                work.upload(client);
                Check.equal(site.sentParts(), ALL_PARTS);
                Check.sameBytes(site.object("k"), work.data());
            } else {
                Check.refused(client, "NoSuchUpload", () -> work.upload(client));
                Check.refused(client, "NoSuchUpload", () -> work.upload(client));
                Check.equal(site.count("InitiateMultipartUpload"), 0);
            }
        }
    }

    private static void aLostAnswerIsAnError(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                Client client = flavour.open(site)) {
            site.fault(
                    Map.of("operation", "CompleteMultipartUpload", "times", 1), Map.of("kind", "lose_answer"));
            Exception error = Check.errorOf(() -> work.upload(client));
            Check.equal(client.code(error), client.codeOfALostAnswer());
            Check.sameBytes(site.object("k"), work.data());
        }
    }

    private static void aWrongCrcOfAResumedUploadIsNoticed(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                Client client = flavour.open(site)) {
            interrupt(flavour, site, work);
            site.fault(Map.of("operation", "CompleteMultipartUpload"), Map.of("kind", "wrong_crc"));
            Check.equal(client.isInconsistent(Check.errorOf(() -> work.upload(client))), true);
        }
    }

    private static void aFailedCallbackOfAnUploadIsTold(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn();
                Work work = Work.make();
                ObjectCases.Application application = ObjectCases.Application.start(500);
                Client client = flavour.open(site)) {
            Check.Call upload =
                    () -> client.uploadFile("k", work.file(), PART_SIZE, work.records(), Map.of(), application.notice());
            boolean asked = client.asksForCallbacksOfUploads();
            if (asked) {
                Check.refused(client, "CallbackFailed", upload);
                // Its record stays and names an upload that is gone.
                Check.equal(work.recordsLeft().size(), 1);
            } else {
                upload.run();
            }
            Check.equal(application.bodies().size(), asked ? 1 : 0);
            Check.sameBytes(site.object("k"), work.data());
        }
    }
}
