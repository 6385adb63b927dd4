package io.ossup.compat.model;

import io.ossup.compat.model.Callback.CalbackBodyType;
import java.util.Map;

/** A callback as OSS's documentation writes it. */
final class CallbackJson {
    private CallbackJson() {}

    /** The callback; null for null. */
    static Callback parse(String json) {
        if (json == null) {
            return null;
        }
        Callback callback = new Callback();
        for (Map.Entry<String, String> member : FlatJson.parse("callback", json).entrySet()) {
            set(callback, member.getKey(), member.getValue());
        }
        return callback;
    }

    private static void set(Callback callback, String name, String value) {
        switch (name) {
            case "callbackUrl":
                callback.setCallbackUrl(value);
                break;
            case "callbackHost":
                callback.setCallbackHost(value);
                break;
            case "callbackBody":
                callback.setCallbackBody(value);
                break;
            case "callbackBodyType":
                callback.setCalbackBodyType(bodyType(value));
                break;
            case "callbackSNI":
                callback.setCallbackSNI(Boolean.parseBoolean(value));
                break;
            default:
                throw new IllegalArgumentException("callback: OSS knows no " + name);
        }
    }

    private static CalbackBodyType bodyType(String value) {
        for (CalbackBodyType type : CalbackBodyType.values()) {
            if (type.mediaType().equals(value)) {
                return type;
            }
        }
        throw new IllegalArgumentException("callback: its body cannot be " + value);
    }
}
