package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"runtime"
	"sync"
)

// Upload is one that was started. Any number of goroutines may use it.
//
// It is to be closed. One that nobody can reach any more is freed once it is over; while it runs it runs on, until its
// context is done or its client is closed. One that Client.Start did not make is over, and an InvalidState.
type Upload struct {
	client *Client

	native  *C.ossup_upload
	use     sync.RWMutex // held for reading by calls with native, for writing by its end
	cleanup runtime.Cleanup
	memory  runtime.Pinner // what is uploaded, if that is memory

	moved chan struct{} // full when there is progress that was not told yet
	room  chan struct{} // full when a stream may be pushed on
	ended chan struct{} // closed when the library has done with it
	done  chan struct{} // closed when Progress has returned, too, and the outcome is known

	wantToken bool
	listened  bool     // by a Progress
	panicked  error    // in Progress
	last      Progress // once it has ended
	result    *Result  // once it has ended
	failure   error    // in C's words, once it has ended
	err       error    // once it is done

	mutex     sync.Mutex
	disobey   func() bool // ends the context's say in it
	concluded bool
	stoppedBy []error // why we stopped it
	paused    bool    // by Pause, without a reason
}

// Pause stops the upload and keeps what there is, so that the same request can go on (ossup_upload_pause). It returns at once;
// an upload whose last request is under way waits for its answer. Of one that is over it is nothing.
func (u *Upload) Pause() {
	u.mutex.Lock()
	u.paused = true
	u.mutex.Unlock()
	u.call(func(native *C.ossup_upload) { C.ossup_upload_pause(native) })
}

// Abort stops the upload and leaves nothing, neither on the server nor here (ossup_upload_abort). It returns at once. Of one
// that is over it is nothing.
func (u *Upload) Abort() {
	u.call(func(native *C.ossup_upload) { C.ossup_upload_abort(native) })
}

// Done is closed when the upload is over and Progress has returned for the last time.
func (u *Upload) Done() <-chan struct{} {
	if !u.isBegun() {
		return over
	}
	return u.done
}

// Wait waits until the upload is over, and returns Result. When the context is done first it returns why, and the upload goes
// on: to stop that, there are Pause, Abort and the context of its start. It must not be called in the upload's own Progress,
// which it would wait for.
func (u *Upload) Wait(ctx context.Context) (*Result, error) {
	select {
	case <-u.Done():
		return u.Result()
	default:
	}
	select {
	case <-u.Done():
		return u.Result()
	case <-ctx.Done():
		return nil, reason(ctx)
	}
}

// Result is what the upload did, and why it is no success. Before Done is closed there is none, and the error is an
// InvalidState.
func (u *Upload) Result() (*Result, error) {
	if !u.isBegun() {
		return nil, &Error{Status: InvalidState, Message: "the upload was never started"}
	}
	select {
	case <-u.done:
		return u.result, u.err
	default:
		return nil, &Error{Status: InvalidState, Message: "the upload is not over"}
	}
}

// Progress is how far the upload is now, or how far it came (ossup_upload_progress).
func (u *Upload) Progress() Progress {
	select {
	case <-u.ended:
		return u.last
	default:
	}
	var now Progress
	if !u.call(func(native *C.ossup_upload) { now = progressOf(native) }) && u.isBegun() {
		<-u.ended
		return u.last
	}
	return now
}

// SetBandwidthLimit sets how many bytes a second the upload may send from now on: at least 1024, or 0 for no cap
// (ossup_upload_set_bandwidth_limit).
func (u *Upload) SetBandwidthLimit(bytesPerSecond int64) (err error) {
	if bytesPerSecond < 0 {
		return invalid("a negative bandwidth limit")
	}
	u.call(func(native *C.ossup_upload) {
		err = check(C.ossup_upload_set_bandwidth_limit(native, C.uint64_t(bytesPerSecond)), nil)
	})
	return err
}

// ResumeToken is what the upload has sent by now, as one line of text: Request.ResumeToken goes on with it, elsewhere or
// without a record (ossup_upload_resume_token). What it speaks of stays on the server, and is paid for, until somebody goes on
// or aborts it.
//
// Errors: InvalidState while there is nothing on the server yet or nothing any more, for a stream of unknown size, and of an
// upload that was closed.
func (u *Upload) ResumeToken() (text string, err error) {
	err = &Error{Status: InvalidState, Message: "nothing is left to go on from"}
	u.call(func(native *C.ossup_upload) {
		var token *C.ossup_resume_token
		var failure *C.ossup_error
		if err = check(C.ossup_upload_resume_token(native, &token, &failure), &failure); err == nil {
			text = take(token)
		}
	})
	return text, err
}

// Close pauses the upload if it still runs, waits for its end, and gives the handle up. What was paused without a record and
// without a resume token is then taken off the server, in the background. A Progress function that is running is not waited
// for, so it may be called there; Done and Wait tell when that has returned, too, and answer as before. The error is nil.
func (u *Upload) Close() error {
	if !u.isBegun() {
		return nil
	}
	u.Pause()
	<-u.ended
	u.free()
	return nil
}

// over is closed.
var over = func() chan struct{} {
	over := make(chan struct{})
	close(over)
	return over
}()

func (u *Upload) isBegun() bool {
	return u.client != nil
}

// call makes a call with C's upload, which is not freed meanwhile. It tells whether there was one.
func (u *Upload) call(with func(*C.ossup_upload)) bool {
	u.use.RLock()
	defer u.use.RUnlock()
	if u.native == nil {
		return false
	}
	cross(func() { with(u.native) })
	return true
}

func (u *Upload) free() {
	u.use.Lock()
	defer u.use.Unlock()
	if u.native != nil {
		u.cleanup.Stop()
		freeUpload(u.native)
		u.native = nil
	}
}

func freeUpload(native *C.ossup_upload) {
	cross(func() { C.ossup_upload_free(native) })
	held.Add(-1)
}
