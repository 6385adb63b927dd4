package ossup

// #include <ossup.h>
import "C"

import (
	"time"
	"unsafe"
)

// Result is what an upload did, success or not. What there is none of is empty.
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
	ResumeToken    string // where Request.WantResumeToken asked for one and there is something to go on from
	Elapsed        time.Duration
}

// resultOf reads the result of an upload that is over, and why it is no success.
func resultOf(upload *C.ossup_upload, wantToken bool) (*Result, error) {
	var result *C.ossup_result
	if err := check(C.ossup_upload_result(upload, &result), nil); err != nil {
		return nil, err
	}
	defer C.ossup_result_free(result)
	var failure *C.ossup_error
	if err := check(C.ossup_result_error(result, &failure), nil); err != nil {
		return nil, err
	}
	read := &Result{
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
		CheckpointFile:   goPath(checkpointFile(result)),
		Elapsed:          time.Duration(C.ossup_result_elapsed_ms(result)) * time.Millisecond,
	}
	if wantToken && read.Resumable {
		read.ResumeToken = tokenOf(result)
	}
	return read, check(C.ossup_result_status(result), &failure)
}

// tokenOf is empty where a record alone leads back.
func tokenOf(result *C.ossup_result) string {
	var token *C.ossup_resume_token
	if C.ossup_result_resume_token(result, &token) != C.OSSUP_OK {
		return ""
	}
	return take(token)
}

// take is a token's text; the token is freed.
func take(token *C.ossup_resume_token) string {
	defer C.ossup_resume_token_free(token)
	return C.GoString(C.ossup_resume_token_text(token))
}

func callbackBody(result *C.ossup_result) []byte {
	var length C.size_t
	body := C.ossup_result_callback_body(result, &length)
	if body == nil {
		return nil
	}
	return C.GoBytes(unsafe.Pointer(body), C.int(length))
}
