package io.ossup.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.compat.model.Callback;
import io.ossup.compat.model.UploadFileRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Callbacks as text, as the seed's page gives one. */
class CallbackJsonTest {
    private static Callback parse(String json) {
        UploadFileRequest request = new UploadFileRequest("bucket", "key");
        request.setCallback(json);
        return request.getCallback();
    }

    @Test
    void everyMemberIsTaken() {
        Callback callback = parse("\n{ \"callbackUrl\" : \"http://app/?a=1\", \"callbackHost\":\"app\","
                + "\"callbackBody\":\"{\\\"a\\\":\\u0024{object}\\n\\/\\\\}\","
                + "\"callbackBodyType\":\"application/json\",\"callbackSNI\":true } ");
        assertEquals("http://app/?a=1", callback.getCallbackUrl());
        assertEquals("app", callback.getCallbackHost());
        assertEquals("{\"a\":${object}\n/\\}", callback.getCallbackBody());
        assertEquals(Callback.CalbackBodyType.JSON, callback.getCalbackBodyType());
        assertTrue(callback.getCallbackSNI());
        assertNull(parse(null));
    }

    @Test
    void whatIsNoCallbackIsRefusedInWords() {
        for (String wrong : List.of(
                "", "{}", "callback", "{\"callbackUrl\":\"a\"", "{\"callbackUrl\":\"a\",}", "{\"callbackUrl\":1}",
                "{\"callbackUrl\":\"a\"}}", "{\"callbackUrl\":\"a\"\"callbackBody\":\"b\"}", "[\"callbackUrl\",\"a\"]",
                "{\"callbackUrl\":\"\\x\"}", "{,\"callbackUrl\":\"a\"}", "{\"callbackUri\":\"a\"}",
                "{\"callbackBodyType\":\"text/xml\"}")) {
            RuntimeException refused = assertThrows(IllegalArgumentException.class, () -> parse(wrong), wrong);
            assertTrue(refused.getMessage().startsWith("callback: "), refused.getMessage());
        }
    }

    @Test
    void aLongBodyIsTaken() {
        String body = "\\\"x\\\"".repeat(20000);
        assertEquals("\"x\"".repeat(20000), parse("{\"callbackBody\":\"" + body + "\"}").getCallbackBody());
    }
}
