package ossup

// #include <ossup.h>
import "C"

import "syscall"

// ErrClosed is what a closed client answers, and the cause of what its closing stops. It is a ShutDown.
var ErrClosed error = &Error{Status: ShutDown, Message: "the client is closed"}

// Error is what went wrong. errors.Is finds its Status, the operating system's error (fs.ErrNotExist and its like), and
// what a context, a reader or a function of the caller's had to say.
type Error struct {
	Status     Status
	Message    string // one line for a person, with every cause
	Operation  string // OSS's name for what was being done, such as "UploadPart"
	PartNumber int    // 0 when no part is concerned
	Attempts   int    // how often the request was tried
	HTTPStatus int    // 0 when there was no answer
	OSSCode    string // OSS's error code, such as "AccessDenied"
	EC         string // the finer code that OSS's documentation explains
	RequestID  string // which OSS's support asks for
	Host       string
	Errno      syscall.Errno // 0 when none is known

	temporary bool
	causes    []error
}

func (e *Error) Error() string {
	return "ossup: " + e.Message
}

// Temporary tells whether trying again later may help.
func (e *Error) Temporary() bool {
	return e.temporary
}

// Unwrap has what errors.Is and errors.As look at.
func (e *Error) Unwrap() []error {
	unwrapped := append([]error{e.Status}, e.causes...)
	if e.Errno != 0 {
		unwrapped = append(unwrapped, e.Errno)
	}
	return unwrapped
}

// invalid is an error of an argument that never came to C.
func invalid(message string) *Error {
	return &Error{Status: InvalidArgument, Message: message}
}

// check makes an error of a call that failed, and frees C's if there is one.
func check(status C.ossup_status, failure **C.ossup_error) error {
	if status == C.OSSUP_OK {
		return nil
	}
	if failure == nil || *failure == nil {
		return &Error{Status: Status(status), Message: Status(status).String()}
	}
	defer C.ossup_error_free(*failure)
	return read(*failure)
}

func read(failure *C.ossup_error) *Error {
	return &Error{
		Status:     Status(C.ossup_error_status(failure)),
		Message:    C.GoString(C.ossup_error_message(failure)),
		Operation:  C.GoString(C.ossup_error_operation(failure)),
		PartNumber: int(C.ossup_error_part_number(failure)),
		Attempts:   int(C.ossup_error_attempts(failure)),
		HTTPStatus: int(C.ossup_error_http_status(failure)),
		OSSCode:    C.GoString(C.ossup_error_oss_code(failure)),
		EC:         C.GoString(C.ossup_error_ec(failure)),
		RequestID:  C.GoString(C.ossup_error_request_id(failure)),
		Host:       C.GoString(C.ossup_error_host(failure)),
		Errno:      syscall.Errno(C.ossup_error_os_errno(failure)),
		temporary:  bool(C.ossup_error_is_temporary(failure)),
	}
}
