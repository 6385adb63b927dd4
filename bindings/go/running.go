package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"errors"
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
