package ossup

// #include <ossup.h>
import "C"

import (
	"io"
	"net/http"
	"time"
)

// Request is one upload's parameters. The same request again goes on where it was stopped. What is zero is the library's
// default. Each field is the parameter of ossup_request_set_ and its name; a value that is refused is an InvalidArgument of
// Client.Start.
type Request struct {
	BucketName string // 3 to 63 lower-case letters, digits and hyphens; required
	Key        string // the object's name: 1 to 1023 bytes of UTF-8, without a leading slash; required

	// One of three is what is uploaded.

	// UploadFile is the path of a readable regular file.
	UploadFile string
	// UploadMemory is read where it is, and must stay as it is until the upload is over. Empty but not nil is an empty object.
	UploadMemory []byte
	// UploadStream is read to its end on a goroutine of this package, as fast as there is room. It is for one upload alone: to
	// go on with one of a known size, give a new reader that has the same bytes from the beginning. An error of it, or a panic,
	// is the cause of the upload's: it pauses one of a known size, and aborts others, as they could not go on. A Read that
	// hangs is not waited for when the upload ends.
	UploadStream io.Reader
	// StreamSize is how many bytes UploadStream has; 0 is not known. Without it there is neither a record nor a resume token,
	// and PartSize is 8388608 by default.
	StreamSize int64

	TaskNum        int           // parts in flight at a time: 1 (default) to 1000, or Auto
	PartSize       int64         // in bytes: 102400 (default) to 5368709120, or Auto
	ForceMultipart bool          // sends even a small file in parts
	Deadline       time.Duration // from the start, in whole milliseconds; then it stops as by a pause, with DeadlineExceeded; default: none
	BandwidthLimit int64         // in bytes per second, at least 1024; default: none
	TrafficLimit   int64         // the speed at which OSS takes each part, in bits per second; default: none

	EnableCheckpoint  bool          // keeps a record, so that the same request goes on after a crash
	CheckpointFile    string        // where; default: the file's name with ".ucp" behind it
	CheckpointDir     string        // or in which folder
	LockTimeout       time.Duration // how long a record is waited for that another upload holds; negative is for ever; default: not at all
	RequireLock       bool          // refuses to go without a lock
	VerifyReusedParts bool          // reads again what an earlier run sent before it counts
	Recover           bool          // without a record, asks the server for something to go on from
	StampObject       bool          // has the object bear a stamp by which it is known to be this upload's
	ResumeToken       string        // to go on from: Upload.ResumeToken's or Result.ResumeToken
	WantResumeToken   bool          // Result.ResumeToken has one where the upload can go on; the server keeps its parts then

	ContentType               string            // default: by the ending of the file's name or the key's
	ContentDisposition        string            // visible ASCII
	ContentEncoding           string            // such as "gzip"; the bytes are sent as they are
	ContentLanguage           string            // such as "zh-CN"
	CacheControl              string            // such as "max-age=3600"
	Expires                   time.Time         // when cached copies become stale, in whole seconds
	ObjectACL                 string            // "default", "private", "public-read" or "public-read-write"
	StorageClass              string            // "Standard", "IA", "Archive", "ColdArchive" or "DeepColdArchive"
	ServerSideEncryption      string            // "AES256", "KMS" or "SM4"
	ServerSideEncryptionKeyID string            // with "KMS" alone
	ServerSideDataEncryption  string            // with "KMS" alone: "SM4"
	RequestPayer              string            // "requester"
	ForbidOverwrite           bool              // fails with AlreadyExists when the object exists
	UserMetadata              map[string]string // headers x-oss-meta-{name}: letters, digits and hyphens; visible ASCII
	Tags                      map[string]string // at most 10
	Headers                   map[string]string // any other; they go to the calls that carry them

	// Callback is what OSS posts to an application server once the object is stored. Its answer is Result.CallbackBody.
	Callback *Callback

	// Progress is told how far the upload is, at most once in each Config.ProgressInterval and in the end, on a goroutine of
	// this package, one call at a time. When the upload's Done is closed it has returned for the last time. A slow one holds up
	// nothing but the end of its own upload. A panic in it pauses the upload, and comes back as a *PanicError.
	Progress func(Progress)

	// Options are further parameters, by what follows ossup_request_set_ in the names of their setters in C.
	Options map[string]string
}

// Callback is a request that OSS makes once an object is stored (ossup_request_set_callback).
type Callback struct {
	URL      string            // up to five addresses separated by semicolons
	Body     string            // such as "bucket=${bucket}&object=${object}&tag=${x:tag}"
	BodyType string            // "application/x-www-form-urlencoded" (default) or "application/json"
	Host     string            // its Host header; default: the address's own
	SNI      bool              // OSS names the host when it calls an HTTPS address
	Vars     map[string]string // variables of the body; their names begin with "x:"
}

// native makes C's request, to be freed.
func (r *Request) native() (*C.ossup_request, error) {
	var request *C.ossup_request
	if err := check(C.ossup_request_new(&request), nil); err != nil {
		return nil, err
	}
	o := &options{set: func(name, value *C.char) C.ossup_status { return C.ossup_request_set_option(request, name, value) }}
	r.set(o)
	r.setPaths(request, o)
	r.setPairs(request, o)
	r.Callback.set(request, o)
	// What comes last counts.
	o.named(r.Options)
	if o.refused != nil {
		C.ossup_request_free(request)
		return nil, o.refused
	}
	return request, nil
}

func (r *Request) set(o *options) {
	o.text("bucket_name", r.BucketName)
	o.text("key", r.Key)
	o.orZero("task_num", int64(r.TaskNum))
	o.orZero("part_size", r.PartSize)
	o.flag("force_multipart", r.ForceMultipart)
	o.milliseconds("deadline_ms", r.Deadline)
	o.number("bandwidth_limit", r.BandwidthLimit)
	o.number("traffic_limit", r.TrafficLimit)
	o.flag("enable_checkpoint", r.EnableCheckpoint)
	o.milliseconds("lock_timeout_ms", r.LockTimeout)
	o.flag("require_lock", r.RequireLock)
	o.flag("verify_reused_parts", r.VerifyReusedParts)
	o.flag("recover", r.Recover)
	o.flag("stamp_object", r.StampObject)
	o.text("resume_token", r.ResumeToken)
	o.text("content_type", r.ContentType)
	o.text("content_disposition", r.ContentDisposition)
	o.text("content_encoding", r.ContentEncoding)
	o.text("content_language", r.ContentLanguage)
	o.text("cache_control", r.CacheControl)
	if !r.Expires.IsZero() {
		o.text("expires", r.Expires.UTC().Format(http.TimeFormat))
	}
	o.text("object_acl", r.ObjectACL)
	o.text("storage_class", r.StorageClass)
	o.text("server_side_encryption", r.ServerSideEncryption)
	o.text("server_side_encryption_key_id", r.ServerSideEncryptionKeyID)
	o.text("server_side_data_encryption", r.ServerSideDataEncryption)
	o.text("request_payer", r.RequestPayer)
	o.flag("forbid_overwrite", r.ForbidOverwrite)
}

func (r *Request) setPaths(request *C.ossup_request, o *options) {
	if r.CheckpointFile != "" {
		setCheckpointFile(request, o.path("CheckpointFile", r.CheckpointFile))
	}
	if r.CheckpointDir != "" {
		setCheckpointDir(request, o.path("CheckpointDir", r.CheckpointDir))
	}
}

func (r *Request) setPairs(request *C.ossup_request, o *options) {
	for _, name := range names(r.UserMetadata) {
		C.ossup_request_add_user_metadata(request, o.c("UserMetadata", name), o.c(name, r.UserMetadata[name]))
	}
	for _, key := range names(r.Tags) {
		C.ossup_request_add_tag(request, o.c("Tags", key), o.c(key, r.Tags[key]))
	}
	for _, name := range names(r.Headers) {
		C.ossup_request_set_header(request, o.c("Headers", name), o.c(name, r.Headers[name]))
	}
}

func (c *Callback) set(request *C.ossup_request, o *options) {
	if c == nil {
		return
	}
	C.ossup_request_set_callback(request, o.c("Callback.URL", c.URL), o.c("Callback.Body", c.Body))
	o.text("callback_body_type", c.BodyType)
	o.text("callback_host", c.Host)
	o.flag("callback_sni", c.SNI)
	for _, name := range names(c.Vars) {
		C.ossup_request_add_callback_var(request, o.c("Callback.Vars", name), o.c(name, c.Vars[name]))
	}
}
