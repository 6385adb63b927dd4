package ossup

// #include <ossup.h>
import "C"

import (
	"time"
	"unsafe"
)

// Result is what an upload did, success or not.
type Result struct {
	Status           Status
	Resumed          bool   // it went on where an earlier run was stopped
	Reason           string // why it began anew although there was something to go on from, such as "SOURCE_CHANGED"
	Resumable        bool   // it can go on from here
	ConfirmedByProbe bool   // the last answer was lost, and the object was found to be there

	PartsTotal, PartsReused, PartsSent int
	BytesTotal, BytesReused, BytesSent int64

	Retries        int
	ETag           string // in OSS's quotes
	CRC64          uint64
	VersionID      string
	RequestID      string
	UploadID       string
	CallbackBody   []byte // nil when the application server was not asked or nothing is known
	Warning        string // what went wrong without stopping the upload
	CheckpointFile string // where the record is, or was
	Elapsed        time.Duration
}

// resultOf reads the result of an upload that is over, and why it is no success.
func resultOf(handle *C.ossup_upload) (*Result, error) {
	var result *C.ossup_result
	if err := check(C.ossup_upload_result(handle, &result), nil); err != nil {
		return nil, err
	}
	defer C.ossup_result_free(result)
	var failure *C.ossup_error
	if err := check(C.ossup_result_error(result, &failure), nil); err != nil {
		return nil, err
	}
	return &Result{
		Status:           Status(C.ossup_result_status(result)),
		Resumed:          bool(C.ossup_result_is_resumed(result)),
		Reason:           C.GoString(C.ossup_result_reason(result)),
		Resumable:        bool(C.ossup_result_is_resumable(result)),
		ConfirmedByProbe: bool(C.ossup_result_is_confirmed_by_probe(result)),
		PartsTotal:       int(C.ossup_result_parts_total(result)),
		PartsReused:      int(C.ossup_result_parts_reused(result)),
		PartsSent:        int(C.ossup_result_parts_sent(result)),
		BytesTotal:       int64(C.ossup_result_bytes_total(result)),
		BytesReused:      int64(C.ossup_result_bytes_reused(result)),
		BytesSent:        int64(C.ossup_result_bytes_sent(result)),
		Retries:          int(C.ossup_result_retries(result)),
		ETag:             C.GoString(C.ossup_result_etag(result)),
		CRC64:            uint64(C.ossup_result_crc64(result)),
		VersionID:        C.GoString(C.ossup_result_version_id(result)),
		RequestID:        C.GoString(C.ossup_result_request_id(result)),
		UploadID:         C.GoString(C.ossup_result_upload_id(result)),
		CallbackBody:     callbackBody(result),
		Warning:          C.GoString(C.ossup_result_warning(result)),
		CheckpointFile:   C.GoString(C.ossup_result_checkpoint_file(result)),
		Elapsed:          time.Duration(C.ossup_result_elapsed_ms(result)) * time.Millisecond,
	}, check(C.ossup_result_status(result), &failure)
}

func callbackBody(result *C.ossup_result) []byte {
	var length C.size_t
	body := C.ossup_result_callback_body(result, &length)
	if body == nil {
		return nil
	}
	return C.GoBytes(unsafe.Pointer(body), C.int(length))
}
