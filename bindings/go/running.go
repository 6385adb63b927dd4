package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

func newUpload(client *Client) *Upload {
	return &Upload{
		client: client,
		moved:  make(chan struct{}, 1),
		room:   make(chan struct{}, 1),
		ended:  make(chan struct{}),
		done:   make(chan struct{}),
	}
}

// start has C begin. From then on the upload is among those of its client that run, which keeps both alive.
func (u *Upload) start(request *Request) (err error) {
	u.wantToken, u.listened = request.WantResumeToken, request.Progress != nil
	cross(func() { err = u.enter(request) })
	if err != nil {
		u.memory.Unpin()
		return err
	}
	if request.UploadStream != nil {
		stop := u.pauseFor
		if request.StreamSize == 0 {
			stop = u.abortFor
		}
		go u.pump(request.UploadStream, stop)
	}
	if u.listened {
		go u.follow(request.Progress)
	}
	return nil
}

func (u *Upload) enter(request *Request) error {
	native, err := request.native()
	if err != nil {
		return err
	}
	defer C.ossup_request_free(native)
	if err := request.setSource(native, &u.memory); err != nil {
		return err
	}
	return u.client.uploads.add(u, func(tag C.uint64_t) error { return u.begin(native, tag) })
}

// begin runs under the lock that its client's end takes first.
func (u *Upload) begin(request *C.ossup_request, tag C.uint64_t) error {
	var native *C.ossup_upload
	var failure *C.ossup_error
	if err := check(C.ossup_upload_new(u.client.native, request, &native, &failure), &failure); err != nil {
		return err
	}
	C.ossup_upload_set_queue(native, u.client.events.queue, tag)
	if err := check(C.ossup_upload_start(native, &failure), &failure); err != nil {
		C.ossup_upload_free(native)
		return err
	}
	held.Add(1)
	u.native = native
	u.cleanup = runtime.AddCleanup(u, freeUpload, native)
	return nil
}

// obey has the upload stop when a context is done.
func (u *Upload) obey(ctx context.Context) {
	disobey := context.AfterFunc(ctx, func() { u.end(reason(ctx)) })
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.disobey = disobey
	if u.concluded {
		disobey()
	}
}

// end has the upload end before its time: paused, unless the reason is Aborted.
func (u *Upload) end(why error) {
	if errors.Is(why, Aborted) {
		u.abortFor(why)
	} else {
		u.pauseFor(why)
	}
}

func (u *Upload) pauseFor(why error) {
	u.because(why)
	u.call(func(native *C.ossup_upload) { C.ossup_upload_pause(native) })
}

func (u *Upload) abortFor(why error) {
	u.because(why)
	u.call(func(native *C.ossup_upload) { C.ossup_upload_abort(native) })
}

func (u *Upload) because(why error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.stoppedBy = append(u.stoppedBy, why)
}

func (u *Upload) tellMoved() {
	fill(u.moved)
}

func (u *Upload) tellRoom() {
	fill(u.room)
}

// tellEnded keeps what C knows of an upload that is over.
func (u *Upload) tellEnded() {
	u.call(func(native *C.ossup_upload) {
		u.last = progressOf(native)
		u.result, u.failure = resultOf(native, u.wantToken)
	})
	u.memory.Unpin()
	close(u.ended)
	if !u.listened {
		u.conclude()
	}
}

// follow tells how far the upload is, to its end, on a goroutine of its own.
func (u *Upload) follow(tell func(Progress)) {
	returned := false
	defer func() {
		if !returned {
			u.blame(gone("Progress"))
		}
		<-u.ended
		u.conclude()
	}()
	if panicked := guard("Progress", func() { u.report(tell) }); panicked != nil {
		u.blame(panicked)
	}
	returned = true
}

// report leaves out what would say nothing new.
func (u *Upload) report(tell func(Progress)) {
	var told *Progress
	for over := false; !over; {
		select {
		case <-u.moved:
		case <-u.ended:
			over = true
		}
		if now := u.Progress(); told == nil || now != *told {
			tell(now)
			told = &now
		}
	}
}

// blame pauses the upload for a panic in Progress, which is told also when it came too late for that.
func (u *Upload) blame(panicked *PanicError) {
	u.panicked = panicked
	u.pauseFor(panicked)
}

// conclude makes up the outcome of an upload that is over and that nobody is told of any more.
func (u *Upload) conclude() {
	u.mutex.Lock()
	u.concluded = true
	if u.disobey != nil {
		u.disobey()
	}
	u.err = u.outcome()
	u.mutex.Unlock()
	if u.result == nil || !u.result.Resumable {
		// There is nothing to ask for any more.
		u.free()
	}
	close(u.done)
}

// outcome is why the upload is no success, with what we know of it besides.
func (u *Upload) outcome() error {
	var failure *Error
	if !errors.As(u.failure, &failure) {
		if u.panicked != nil {
			return u.panicked
		}
		return nil
	}
	for _, why := range u.causes(failure.Status) {
		failure.Message += ": " + words(why)
		failure.causes = append(failure.causes, why)
	}
	if said := u.client.noCredentials.Load(); said != nil && failure.Status == NoCredentials {
		// The message has its text already.
		failure.causes = append(failure.causes, *said)
	}
	return failure
}

func (u *Upload) causes(status Status) []error {
	stopped := status == Paused || status == Aborted
	switch {
	case stopped && len(u.stoppedBy) > 0:
		return u.stoppedBy
	case status == Paused && !u.paused && u.client.uploads.isClosed():
		return []error{ErrClosed}
	case !stopped && u.panicked != nil:
		return []error{u.panicked}
	default:
		return nil
	}
}

// words are an error's, without saying again whose it is.
func words(err error) string {
	if err, is := err.(*Error); is {
		return err.Message
	}
	return err.Error()
}

// fill leaves a sign where there is none yet.
func fill(sign chan struct{}) {
	select {
	case sign <- struct{}{}:
	default:
	}
}

// reason is why the context is done, in the context's own words and in those of whoever cancelled it.
func reason(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}
