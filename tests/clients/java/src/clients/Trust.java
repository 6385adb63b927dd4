package clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/** A trust store of one certificate authority. */
final class Trust {
    private Trust() {}

    static KeyStore storeOf(String pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var text = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(text));
            return store;
        } catch (GeneralSecurityException | IOException error) {
            throw new AssertionError(error);
        }
    }
}
