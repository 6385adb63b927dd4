package io.ossup;

import com.sun.jna.Pointer;

/** Sets one parameter of a config or a request of C's. What it refuses, the call that uses the builder tells. */
interface Setting {
    void setIn(Pointer builder) throws OssUploadException;
}
