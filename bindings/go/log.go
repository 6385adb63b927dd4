package ossup

// #include <ossup.h>
import "C"

import "runtime/debug"

// LogLevel is what a line of the log is for. A log of one level has the lines of those above it, too.
type LogLevel int32

const (
	LogError LogLevel = C.OSSUP_LOG_ERROR // an upload that failed
	LogWarn  LogLevel = C.OSSUP_LOG_WARN  // what went wrong without stopping an upload
	LogInfo  LogLevel = C.OSSUP_LOG_INFO  // what uploads begin, decide and do
	LogDebug LogLevel = C.OSSUP_LOG_DEBUG // each try of each request, and each step of the record
	LogTrace LogLevel = C.OSSUP_LOG_TRACE // each part
)

// log is where a client's lines go: a queue of their own, so that a function that takes its time holds up nothing else.
type log struct {
	*poller
	tell     func(level LogLevel, message string)
	panicked error // in tell, which is told nothing more
}

func newLog(tell func(level LogLevel, message string)) (*log, error) {
	poller, err := newPoller()
	if err != nil {
		return nil, err
	}
	return &log{poller: poller, tell: tell}, nil
}

func (l *log) handle(event *C.ossup_event) {
	if l.panicked != nil || C.ossup_event_get_kind(event) != C.OSSUP_EVENT_LOG {
		return
	}
	defer func() {
		if value := recover(); value != nil {
			l.panicked = &PanicError{Function: "Log", Value: value, Stack: debug.Stack()}
		}
	}()
	l.tell(LogLevel(C.ossup_event_log_level(event)), C.GoString(C.ossup_event_log_message(event)))
}
