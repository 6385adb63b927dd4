package ossup

// #include <ossup.h>
import "C"

import "sync/atomic"

// poller takes events from a queue in one goroutine, and with it one thread, until it is stopped.
type poller struct {
	queue    *C.ossup_queue
	stopping atomic.Bool
	ended    chan struct{}
}

func newPoller() (*poller, error) {
	p := &poller{ended: make(chan struct{})}
	if err := check(C.ossup_queue_new(&p.queue), nil); err != nil {
		return nil, err
	}
	return p, nil
}

// run hands on each event, which is lent.
func (p *poller) run(handle func(*C.ossup_event)) {
	defer close(p.ended)
	for !p.stopping.Load() {
		var event *C.ossup_event
		switch C.ossup_queue_next(p.queue, -1, &event) {
		case C.OSSUP_OK:
			handle(event)
			C.ossup_event_free(event)
		case C.OSSUP_TIMED_OUT:
			// Somebody woke it.
		default:
			return
		}
	}
}

// stop ends run, waits for that, and frees the queue.
func (p *poller) stop() {
	p.stopping.Store(true)
	C.ossup_queue_wake(p.queue)
	<-p.ended
	C.ossup_queue_free(p.queue)
}
