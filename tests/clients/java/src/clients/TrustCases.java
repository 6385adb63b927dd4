package clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import clients.Flavour.Setup;
import clients.Flavour.Style;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/** What the clients check, and what the server checks of them. */
final class TrustCases {
    static final List<Case> ALL = List.of(
            new Case("a_wrong_crc_is_noticed", TrustCases::aWrongCrcIsNoticed),
            new Case("a_wrong_secret_is_refused", TrustCases::aWrongSecretIsRefused),
            new Case("a_security_token_is_sent", TrustCases::aSecurityTokenIsSent),
            new Case("presigned_urls_are_taken", TrustCases::presignedUrlsAreTaken),
            new Case("an_expired_token_is_refused", TrustCases::anExpiredTokenIsRefused),
            new Case("a_clock_must_be_right", TrustCases::aClockMustBeRight),
            new Case("buckets_are_addressed_in_three_styles", TrustCases::bucketsAreAddressedInThreeStyles),
            new Case("https_is_verified", TrustCases::httpsIsVerified));

    private TrustCases() {}

    private static void aWrongCrcIsNoticed(Flavour flavour) throws Exception {
        byte[] data = "data".getBytes(UTF_8);
        try (StandIn site = new StandIn();
                Client client = flavour.open(site)) {
            for (String operation : List.of("PutObject", "UploadPart")) {
                site.fault(Map.of("operation", operation), Map.of("kind", "wrong_crc"));
            }
            Check.equal(client.isInconsistent(Check.errorOf(() -> client.put("k", "data"))), true);
            String id = client.initiate("k", Map.of());
            Exception error = Check.errorOf(() -> client.uploadPart("k", id, 1, data));
            Check.equal(client.isInconsistent(error), true);
            site.clearFaults();
            client.uploadPart("k", id, 1, data);
        }
    }

    private static void aWrongSecretIsRefused(Flavour flavour) throws Exception {
        Map<String, String> codes = Map.of("ak:another", "SignatureDoesNotMatch", "other:sk", "InvalidAccessKeyId");
        for (Map.Entry<String, String> entry : codes.entrySet()) {
            try (StandIn site = new StandIn("--access-key", entry.getKey());
                    Client client = flavour.open(site)) {
                Check.refused(client, entry.getValue(), () -> client.put("k", "data"));
            }
        }
    }

    private static void aSecurityTokenIsSent(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn("--access-key", "ak:sk:tok/en+==");
                Client client = flavour.open(site.endpoint(), Setup.token("tok/en+=="));
                Client stranger = flavour.open(site.endpoint(), Setup.token("other"));
                Client tokenless = flavour.open(site)) {
            if (client.sendsTokens()) {
                client.put("k", "data");
                Check.sameBytes(client.get("k"), "data".getBytes(UTF_8));
                Check.refused(stranger, "InvalidSecurityToken", () -> stranger.put("k", "data"));
            } else {
                Check.refused(client, "InvalidAccessKeyId", () -> client.put("k", "data"));
            }
            Check.refused(tokenless, "InvalidAccessKeyId", () -> tokenless.put("k", "data"));
        }
    }

    private static void presignedUrlsAreTaken(Flavour flavour) throws Exception {
        String key = "dir/a b+中.bin";
        HttpClient anybody =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Map<String, Setup> setups =
                Map.of("ak:sk", Setup.PLAIN, "ak:sk:tok/en+==", Setup.token("tok/en+=="));
        for (Map.Entry<String, Setup> entry : setups.entrySet()) {
            try (StandIn site = new StandIn("--access-key", entry.getKey());
                    Client client = flavour.open(site.endpoint(), entry.getValue())) {
                HttpRequest put = HttpRequest.newBuilder(URI.create(client.presignPut(key)))
                        .PUT(HttpRequest.BodyPublishers.ofString("data"))
                        .build();
                Check.equal(anybody.send(put, BodyHandlers.discarding()).statusCode(), 200);
                String url = client.presignGet(key);
                HttpRequest get = HttpRequest.newBuilder(URI.create(url)).build();
                Check.equal(anybody.send(get, BodyHandlers.ofString()).body(), "data");
                URI elsewhere = URI.create(url.replace("dir", "other"));
                HttpRequest stolen = HttpRequest.newBuilder(elsewhere).build();
                Check.equal(anybody.send(stolen, BodyHandlers.discarding()).statusCode(), 403);
            }
        }
    }

    private static void anExpiredTokenIsRefused(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn("--access-key", "ak:sk:token:1");
                Client client = flavour.open(site.endpoint(), Setup.token("token"))) {
            String code = client.sendsTokens() ? "SecurityTokenExpired" : "InvalidAccessKeyId";
            Check.refused(client, code, () -> client.put("k", "data"));
        }
    }

    private static void aClockMustBeRight(Flavour flavour) throws Exception {
        try (StandIn site = new StandIn("--clock-offset-s", "100000");
                Client client = flavour.open(site)) {
            Check.refused(client, "RequestTimeTooSkewed", () -> client.put("k", "data"));
            if (client.correctsItsClock()) {
                client.put("k", "data");
            } else {
                Check.refused(client, "RequestTimeTooSkewed", () -> client.put("k", "data"));
            }
        }
    }

    private static void bucketsAreAddressedInThreeStyles(Flavour flavour) throws Exception {
        Map<String, Style> styles = Map.of(
                "localhost", Style.PATH,
                "oss-cn-hangzhou.aliyuncs.com", Style.VIRTUAL,
                "static.example.com", Style.CNAME);
        try (StandIn site = new StandIn("--cname", "static.example.com=bucket")) {
            for (Map.Entry<String, Style> entry : styles.entrySet()) {
                String host = entry.getKey();
                try (Client client = flavour.open("http://" + host + ":" + site.port(), Setup.style(entry.getValue()))) {
                    client.put("dir/a b+c", host);
                    Check.sameBytes(client.get("dir/a b+c"), host.getBytes(UTF_8));
                    Check.sameBytes(site.object("dir/a b+c"), host.getBytes(UTF_8));
                }
            }
            Map<String, Integer> hosts = new TreeMap<>();
            for (StandIn.Entry entry : site.ledger()) {
                if (entry.operation().equals("PutObject")) {
                    hosts.merge(entry.headers().get("host").split(":")[0], 1, Integer::sum);
                }
            }
            Map<String, Integer> expected =
                    Map.of("localhost", 1, "bucket.oss-cn-hangzhou.aliyuncs.com", 1, "static.example.com", 1);
            Check.equal(hosts, expected);
        }
    }

    private static void httpsIsVerified(Flavour flavour) throws Exception {
        Path ca = Files.createTempFile("ossup-clients-", ".pem");
        try (StandIn site = new StandIn("--https", "--ca-out", ca.toString());
                Client distrusting = flavour.open(site.httpsEndpoint(), Setup.PLAIN);
                Client client = flavour.open(site.httpsEndpoint(), Setup.ca(Files.readString(ca)))) {
            Throwable error = Check.errorOf(() -> distrusting.put("k", "data"));
            while (error.getCause() != null && !(error instanceof SSLException)) {
                error = error.getCause();
            }
            Check.equal(error instanceof SSLException, true);
            client.put("k", "data");
            Check.sameBytes(site.object("k"), "data".getBytes(UTF_8));
        } finally {
            Files.delete(ca);
        }
    }
}
