package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.concurrent.atomic.AtomicInteger;

/** Something of C's that is to be freed, once. Its owner sees to it that nobody is in a call with it then. */
final class Handle implements AutoCloseable {
    /** How many there are: what is forgotten shows. */
    static final AtomicInteger OPEN = new AtomicInteger();

    /** Makes something, or fails for one reason. */
    interface Maker {
        int make(PointerByReference out);
    }

    /** Makes something, or says why not. */
    interface TellingMaker {
        int make(PointerByReference out, PointerByReference error);
    }

    /** Frees what was made. */
    interface Freer {
        void free(Pointer made);
    }

    private final Pointer pointer;
    private final Freer freer;
    private boolean freed;

    private Handle(Pointer pointer, Freer freer) {
        this.pointer = pointer;
        this.freer = freer;
        OPEN.incrementAndGet();
    }

    static Handle make(Maker maker, Freer freer) throws OssUploadException {
        return makeOrTell((out, error) -> maker.make(out), freer);
    }

    static Handle makeOrTell(TellingMaker maker, Freer freer) throws OssUploadException {
        PointerByReference out = new PointerByReference();
        PointerByReference error = new PointerByReference();
        OssUploadException.check(maker.make(out, error), error);
        return new Handle(out.getValue(), freer);
    }

    /** Takes what C gave. */
    static Handle take(Pointer given, Freer freer) {
        return new Handle(given, freer);
    }

    Pointer get() {
        return pointer;
    }

    boolean isFreed() {
        return freed;
    }

    @Override
    public void close() {
        if (!freed) {
            freed = true;
            freer.free(pointer);
            OPEN.decrementAndGet();
        }
    }
}
