package ossup

// #include <ossup.h>
import "C"

import "context"

// Status is what a call or an upload came to. It is an error for the sake of errors.Is: errors.Is(err, ossup.Busy). The tens
// say where the cause lies: the caller, this machine, the network, the service, the caller's wish, a defect. Later versions of
// the library have more.
type Status int32

const (
	OK Status = C.OSSUP_OK

	InvalidArgument Status = C.OSSUP_INVALID_ARGUMENT
	InvalidState    Status = C.OSSUP_INVALID_STATE
	WouldDeadlock   Status = C.OSSUP_WOULD_DEADLOCK
	TimedOut        Status = C.OSSUP_TIMED_OUT
	Forked          Status = C.OSSUP_FORKED
	ShutDown        Status = C.OSSUP_SHUT_DOWN

	SourceUnreadable   Status = C.OSSUP_SOURCE_UNREADABLE
	SourceChanged      Status = C.OSSUP_SOURCE_CHANGED
	CheckpointUnusable Status = C.OSSUP_CHECKPOINT_UNUSABLE
	CheckpointForeign  Status = C.OSSUP_CHECKPOINT_FOREIGN
	CheckpointTooNew   Status = C.OSSUP_CHECKPOINT_TOO_NEW
	Busy               Status = C.OSSUP_BUSY
	NoResources        Status = C.OSSUP_NO_RESOURCES
	NoCredentials      Status = C.OSSUP_NO_CREDENTIALS

	Unreachable    Status = C.OSSUP_UNREACHABLE
	ConnectionLost Status = C.OSSUP_CONNECTION_LOST
	TLSFailed      Status = C.OSSUP_TLS_FAILED
	NetworkTimeout Status = C.OSSUP_NETWORK_TIMEOUT
	BadAnswer      Status = C.OSSUP_BAD_ANSWER

	ServiceError     Status = C.OSSUP_SERVICE_ERROR
	AccessDenied     Status = C.OSSUP_ACCESS_DENIED
	NoSuchBucket     Status = C.OSSUP_NO_SUCH_BUCKET
	NoSuchUpload     Status = C.OSSUP_NO_SUCH_UPLOAD
	AlreadyExists    Status = C.OSSUP_ALREADY_EXISTS
	Throttled        Status = C.OSSUP_THROTTLED
	ChecksumMismatch Status = C.OSSUP_CHECKSUM_MISMATCH
	CallbackFailed   Status = C.OSSUP_CALLBACK_FAILED
	Unconfirmed      Status = C.OSSUP_UNCONFIRMED

	Paused           Status = C.OSSUP_PAUSED
	Aborted          Status = C.OSSUP_ABORTED
	DeadlineExceeded Status = C.OSSUP_DEADLINE_EXCEEDED

	Internal Status = C.OSSUP_INTERNAL
)

// String is the status's name in C without its prefix, such as "PAUSED".
func (s Status) String() string {
	return C.GoString(C.ossup_status_name(C.int32_t(s)))
}

// Error is its name.
func (s Status) Error() string {
	return s.String()
}

// Is has a deadline of the request's be what one of a context's is: context.DeadlineExceeded.
func (s Status) Is(target error) bool {
	return s == DeadlineExceeded && target == context.DeadlineExceeded
}
