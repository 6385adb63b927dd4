package ossup

import (
	"context"
	"errors"
	"fmt"
)

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

// reason is why the context is done, in the context's own words and in those of whoever cancelled it.
func reason(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}
