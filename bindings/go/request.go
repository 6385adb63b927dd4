package ossup

// #include <ossup.h>
import "C"

// Auto, as a TaskNum or a PartSize, leaves the number to the library.
const Auto = -1

// Request is one upload's parameters. The same request again goes on where it was stopped. What is zero is the library's
// default.
type Request struct {
	BucketName       string
	Key              string
	UploadFile       string
	TaskNum          int   // parts in flight at a time: 1 (default) to 1000, or Auto
	PartSize         int64 // in bytes: 102400 (default) to 5368709120, or Auto
	EnableCheckpoint bool  // keep a record, to go on after a crash
	CheckpointFile   string
	BandwidthLimit   int64 // in bytes per second, at least 1024; 0 is no cap
	ContentType      string
	UserMetadata     map[string]string

	// Progress is told how far the upload is, in the goroutine that called Upload. A panic in it pauses the upload.
	Progress func(Progress)

	// Options are other parameters, by what follows ossup_request_set_ in the names of their setters in C.
	Options map[string]string
}

// native makes C's request, to be freed.
func (r *Request) native() (*C.ossup_request, error) {
	var request *C.ossup_request
	if err := check(C.ossup_request_new(&request), nil); err != nil {
		return nil, err
	}
	// What a setter refuses, ossup_upload_new reports.
	var texts texts
	C.ossup_request_set_bucket_name(request, texts.c("BucketName", r.BucketName))
	C.ossup_request_set_key(request, texts.c("Key", r.Key))
	C.ossup_request_set_upload_file(request, texts.c("UploadFile", r.UploadFile))
	if r.TaskNum != 0 {
		C.ossup_request_set_task_num(request, C.uint32_t(orAuto(r.TaskNum)))
	}
	if r.PartSize != 0 {
		C.ossup_request_set_part_size(request, C.uint64_t(orAuto(r.PartSize)))
	}
	C.ossup_request_set_enable_checkpoint(request, C.bool(r.EnableCheckpoint))
	if r.CheckpointFile != "" {
		C.ossup_request_set_checkpoint_file(request, texts.c("CheckpointFile", r.CheckpointFile))
	}
	C.ossup_request_set_bandwidth_limit(request, C.uint64_t(r.BandwidthLimit))
	if r.ContentType != "" {
		C.ossup_request_set_content_type(request, texts.c("ContentType", r.ContentType))
	}
	for name, value := range r.UserMetadata {
		C.ossup_request_add_user_metadata(request, texts.c("UserMetadata", name), texts.c(name, value))
	}
	for name, value := range r.Options {
		C.ossup_request_set_option(request, texts.c("an option's name", name), texts.c(name, value))
	}
	if texts.refused != nil {
		C.ossup_request_free(request)
		return nil, texts.refused
	}
	return request, nil
}

// orAuto is the number as C has it, where 0 is what is Auto here.
func orAuto[T int | int64](number T) T {
	if number == Auto {
		return 0
	}
	return number
}
