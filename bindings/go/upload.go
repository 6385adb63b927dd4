package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// upload is one that was started, seen by the goroutine that attends to it.
type upload struct {
	client *Client
	native *C.ossup_upload
	moved  chan struct{} // full when there is progress that was not told yet
	ended  chan struct{} // closed when it is over

	why      []error // why we stopped it
	panicked error   // in Progress
}

func newUpload(client *Client) *upload {
	return &upload{client: client, moved: make(chan struct{}, 1), ended: make(chan struct{})}
}

func (u *upload) tellMoved() {
	select {
	case u.moved <- struct{}{}:
	default:
	}
}

func (u *upload) tellEnded() {
	close(u.ended)
}

// attend stays with the upload to its end.
func (u *upload) attend(ctx context.Context, progress func(Progress)) (*Result, error) {
	defer u.leave()
	cancelled := ctx.Done()
	for {
		select {
		case <-cancelled:
			u.stop(reason(ctx))
			cancelled = nil
		case <-u.moved:
			progress = u.report(progress)
		case <-u.ended:
			select {
			case <-u.moved:
				u.report(progress)
			default:
			}
			return u.outcome()
		}
	}
}

// stop has the upload end before its time: paused, unless the reason is Aborted.
func (u *upload) stop(why error) {
	u.why = append(u.why, why)
	if errors.Is(why, Aborted) {
		C.ossup_upload_abort(u.native)
	} else {
		C.ossup_upload_pause(u.native)
	}
}

// report tells how far the upload is, and returns whom to tell next time: nobody, after a panic.
func (u *upload) report(progress func(Progress)) (next func(Progress)) {
	if progress == nil {
		return nil
	}
	defer func() {
		if value := recover(); value != nil {
			u.panicked = &PanicError{Function: "Progress", Value: value, Stack: debug.Stack()}
			u.stop(u.panicked)
		}
	}()
	now, err := progressOf(u.native)
	if err == nil {
		progress(now)
	}
	return progress
}

// outcome is the result of an upload that is over, and why it is no success.
func (u *upload) outcome() (*Result, error) {
	result, err := resultOf(u.native)
	var failure *Error
	if !errors.As(err, &failure) {
		// A panic that came too late to stop it is told all the same.
		return result, u.panicked
	}
	if len(u.why) == 0 && failure.Status == Paused {
		// Nobody else stops it.
		u.why = append(u.why, ErrClosed)
	}
	for _, why := range u.why {
		failure.Message += ": " + why.Error()
		failure.causes = append(failure.causes, why)
	}
	if said := u.client.noCredentials.Load(); said != nil && failure.Status == NoCredentials {
		// The message has its text already.
		failure.causes = append(failure.causes, *said)
	}
	return result, failure
}

// leave gives the upload up. One that still runs, as its goroutine ends before it, is paused.
func (u *upload) leave() {
	u.client.mutex.Lock()
	defer u.client.mutex.Unlock()
	C.ossup_upload_pause(u.native)
	C.ossup_upload_free(u.native)
	u.native = nil
}

// reason is why the context is done, in the context's own words and in those of whoever cancelled it.
func reason(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}
