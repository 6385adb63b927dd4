package clients;

import java.util.List;
import java.util.function.BiFunction;

/** A client with one of its signature versions. */
record Flavour(String name, BiFunction<String, Setup, Client> factory) {
    static final List<Flavour> ALL = List.of(
            new Flavour("aliyun-sdk-oss V1", (endpoint, setup) -> new ClientV1("V1", endpoint, setup)),
            new Flavour("aliyun-sdk-oss V4", (endpoint, setup) -> new ClientV1("V4", endpoint, setup)),
            new Flavour("alibabacloud-oss-v2 V1", (endpoint, setup) -> new ClientV2("v1", endpoint, setup)),
            new Flavour("alibabacloud-oss-v2 V4", (endpoint, setup) -> new ClientV2("v4", endpoint, setup)));

    enum Style {
        PATH,
        VIRTUAL,
        CNAME
    }

    /** What may differ from a plain client: addressing, a security token, a certificate authority in PEM. */
    record Setup(Style style, String token, String ca) {
        static final Setup PLAIN = new Setup(Style.PATH, null, null);

        static Setup style(Style style) {
            return new Setup(style, null, null);
        }

        static Setup token(String token) {
            return new Setup(Style.PATH, token, null);
        }

        static Setup ca(String ca) {
            return new Setup(Style.PATH, null, ca);
        }
    }

    Client open(String endpoint, Setup setup) {
        return factory.apply(endpoint, setup);
    }

    Client open(StandIn site) {
        return open(site.endpoint(), Setup.PLAIN);
    }
}
