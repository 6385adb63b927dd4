package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"log/slog"
)

// LevelTrace is the level of lines about each part, below slog.LevelDebug, which has each try of each request. The library's
// other levels are slog's own.
const LevelTrace = slog.LevelDebug - 4

// levels are slog's for the library's, from the one that says most.
var levels = []struct {
	native C.int32_t
	level  slog.Level
}{
	{C.OSSUP_LOG_TRACE, LevelTrace},
	{C.OSSUP_LOG_DEBUG, slog.LevelDebug},
	{C.OSSUP_LOG_INFO, slog.LevelInfo},
	{C.OSSUP_LOG_WARN, slog.LevelWarn},
	{C.OSSUP_LOG_ERROR, slog.LevelError},
}

// log is where a client's lines go: a queue of their own, so that a handler that takes its time holds up nothing else.
type log struct {
	*poller
	logger   *slog.Logger
	level    C.int32_t
	panicked error // in the handler, which is told nothing more
}

// newLog is nil where nothing would be told.
func newLog(config *Config) (*log, error) {
	level := leastOf(config)
	if level == C.OSSUP_LOG_OFF {
		return nil, nil
	}
	poller, err := newPoller()
	if err != nil {
		return nil, err
	}
	return &log{poller: poller, logger: config.Logger, level: level}, nil
}

func leastOf(config *Config) C.int32_t {
	if config.Logger == nil {
		return C.OSSUP_LOG_OFF
	}
	for _, each := range levels {
		if told(config, each.level) {
			return each.native
		}
	}
	return C.OSSUP_LOG_OFF
}

func told(config *Config, level slog.Level) bool {
	if config.LogLevel != nil {
		return level >= config.LogLevel.Level()
	}
	return config.Logger.Enabled(context.Background(), level)
}

func (l *log) start() {
	if l != nil {
		l.poller.start(l.handle, func() {})
	}
}

func (l *log) stop() {
	if l != nil {
		l.poller.stop()
	}
}

// failure is the handler's panic, once the log was stopped.
func (l *log) failure() error {
	if l == nil {
		return nil
	}
	return l.panicked
}

func (l *log) handle(event *C.ossup_event) {
	if l.panicked != nil || C.ossup_event_get_kind(event) != C.OSSUP_EVENT_LOG {
		return
	}
	level := levelOf(C.ossup_event_log_level(event))
	message := C.GoString(C.ossup_event_log_message(event))
	panicked := guard("Logger", func() { l.logger.Log(context.Background(), level, message) })
	if panicked != nil {
		l.panicked = panicked
	}
}

// levelOf takes a level that is not known for the one that says most.
func levelOf(native C.ossup_log_level) slog.Level {
	for _, each := range levels {
		if C.ossup_log_level(each.native) == native {
			return each.level
		}
	}
	return LevelTrace
}
