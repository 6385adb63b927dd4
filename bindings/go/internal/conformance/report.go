package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"ossup"
)

// say tells a fact at once.
func say(name string, value any) {
	fmt.Fprintf(os.Stdout, "%s %v\n", name, value)
}

func sayText(name, value string) {
	if value != "" {
		say(name, strings.ReplaceAll(value, "\n", " "))
	}
}

func sayNumber(name string, value int) {
	if value != 0 {
		say(name, value)
	}
}

// reportEnd tells how a call ended, and what it did. There is no result of what was never started.
func reportEnd(result *ossup.Result, err error) {
	var failure *ossup.Error
	var panicked *ossup.PanicError
	if errors.As(err, &failure) {
		say("ended", failure.Status)
		reportError(failure)
	} else {
		say("ended", ossup.OK)
	}
	switch {
	case errors.As(err, &panicked):
		say("raised", panicked.Value)
	case errors.Is(err, errSource):
		say("raised", errSource)
	}
	if result != nil {
		reportResult(result)
	}
}

func reportError(failure *ossup.Error) {
	sayNumber("http_status", failure.HTTPStatus)
	sayText("oss_code", failure.OSSCode)
	sayText("request_id", failure.RequestID)
	sayText("operation", failure.Operation)
	sayNumber("attempts", failure.Attempts)
	say("temporary", failure.Temporary())
	sayText("message", failure.Message)
}

func reportResult(result *ossup.Result) {
	say("resumed", result.Resumed)
	sayText("reason", result.Reason)
	say("resumable", result.Resumable)
	say("parts_total", result.PartsTotal)
	say("parts_reused", result.PartsReused)
	say("parts_sent", result.PartsSent)
	say("bytes_total", result.BytesTotal)
	sayText("etag", result.ETag)
	if result.Status == ossup.OK {
		say("crc64", result.CRC64)
	}
	sayText("callback_body", string(result.CallbackBody))
	sayText("warning", result.Warning)
}

// watch is a listener that remembers what it was told.
type watch struct {
	calls, back int
	last        ossup.Progress
	begun       chan struct{}        // closed once a part is done
	do          func(ossup.Progress) // after all that; may be nil
}

func newWatch() *watch {
	return &watch{begun: make(chan struct{})}
}

func (w *watch) tell(progress ossup.Progress) {
	if progress.BytesConfirmed < w.last.BytesConfirmed || progress.Phase < w.last.Phase {
		w.back++
	}
	if progress.BytesConfirmed > 0 && w.last.BytesConfirmed == 0 {
		close(w.begun)
	}
	w.calls++
	w.last = progress
	if w.do != nil {
		w.do(progress)
	}
}

func (w *watch) report() {
	say("progress_calls", w.calls)
	say("progress_last", fmt.Sprint(w.last.BytesConfirmed, w.last.BytesTotal))
	say("progress_back", w.back)
	say("progress_phase", w.last.Phase)
}
