package ossup

// #include <ossup.h>
import "C"

import (
	"runtime"
	"unsafe"
)

// setSource gives C what is uploaded. Memory is pinned for it, to be let go of when the upload is over.
func (r *Request) setSource(request *C.ossup_request, memory *runtime.Pinner) error {
	var texts texts
	count := 0
	if r.UploadFile != "" {
		count++
		setUploadFile(request, texts.path("UploadFile", r.UploadFile))
	}
	if r.UploadMemory != nil {
		count++
		start := unsafe.SliceData(r.UploadMemory)
		memory.Pin(start)
		C.ossup_request_set_upload_memory(request, unsafe.Pointer(start), C.size_t(len(r.UploadMemory)), nil, nil)
	}
	if r.UploadStream != nil {
		count++
		size := C.uint64_t(C.OSSUP_UNKNOWN_SIZE)
		if r.StreamSize != 0 {
			size = C.uint64_t(r.StreamSize)
		}
		C.ossup_request_set_upload_stream(request, size)
	}
	switch {
	case count > 1:
		return invalid("a request has one of UploadFile, UploadMemory and UploadStream")
	case r.StreamSize < 0:
		return invalid("StreamSize is negative")
	case r.StreamSize != 0 && r.UploadStream == nil:
		return invalid("StreamSize is that of UploadStream, which is nil")
	}
	return texts.refused
}
