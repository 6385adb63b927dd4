package ossup

// #include <ossup.h>
import "C"

import "sync/atomic"

// poller takes events from a queue in one goroutine, and with it one thread, from its start until it is stopped.
type poller struct {
	queue    *C.ossup_queue
	stopping atomic.Bool
	ended    chan struct{} // closed when nobody takes events any more; nil before the start
}

func newPoller() (*poller, error) {
	p := &poller{}
	if err := check(C.ossup_queue_new(&p.queue), nil); err != nil {
		return nil, err
	}
	held.Add(1)
	return p, nil
}

// start has a function get each event, which it is lent, and another hear that there will be no more.
func (p *poller) start(handle func(*C.ossup_event), last func()) {
	p.ended = make(chan struct{})
	go func() {
		defer close(p.ended)
		for p.take(handle) {
		}
		last()
	}()
}

// take waits for one event. It tells whether there may be more.
func (p *poller) take(handle func(*C.ossup_event)) bool {
	var event *C.ossup_event
	switch C.ossup_queue_next(p.queue, -1, &event) {
	case C.OSSUP_OK:
		defer C.ossup_event_free(event)
		handle(event)
		return true
	case C.OSSUP_TIMED_OUT:
		return !p.stopping.Load()
	default:
		return false
	}
}

// stop has the events that wait be taken, waits for the end of that, and frees the queue.
func (p *poller) stop() {
	if p.ended != nil {
		p.stopping.Store(true)
		C.ossup_queue_wake(p.queue)
		<-p.ended
	}
	C.ossup_queue_free(p.queue)
	held.Add(-1)
}
