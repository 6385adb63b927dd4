package ossup

// #include <ossup.h>
import "C"

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

// fill leaves a sign where there is none yet.
func fill(sign chan struct{}) {
	select {
	case sign <- struct{}{}:
	default:
	}
}
