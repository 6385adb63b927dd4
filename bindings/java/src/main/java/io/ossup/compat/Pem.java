package io.ossup.compat;

import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Collections;

/** Certificates as text. */
final class Pem {
    private static final int WIDTH = 64;
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(WIDTH, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    /** The certificates that a store trusts. */
    static String of(KeyStore store) {
        StringBuilder text = new StringBuilder();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)) {
                    add(text, store.getCertificate(alias));
                }
            }
        } catch (KeyStoreException | CertificateEncodingException unreadable) {
            throw new IllegalArgumentException("keyStore: " + unreadable.getMessage(), unreadable);
        }
        return text.toString();
    }

    private static void add(StringBuilder text, Certificate certificate) throws CertificateEncodingException {
        text.append("-----BEGIN CERTIFICATE-----\n")
                .append(BASE64.encodeToString(certificate.getEncoded()))
                .append("\n-----END CERTIFICATE-----\n");
    }
}
