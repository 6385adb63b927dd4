package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"
)

// Client holds connections, credentials and the server's clock. Any number of goroutines may use it; one for a whole
// program is best. It is to be closed.
type Client struct {
	native        *C.ossup_client
	events        *poller
	log           *log
	provider      CredentialsProvider
	noCredentials atomic.Pointer[error] // what the provider said when it had none

	life    context.Context // the provider's: done when nobody needs it any more
	end     context.CancelFunc
	closing sync.Once

	mutex   sync.Mutex
	closed  bool
	running map[C.uint64_t]*upload // by their tags
	lastTag C.uint64_t
}

// NewClient makes a client. Nothing is sent yet.
func NewClient(config Config) (*Client, error) {
	if misfit != nil {
		return nil, misfit
	}
	events, err := newPoller()
	if err != nil {
		return nil, err
	}
	log, err := newLog(config.Log)
	if err != nil {
		events.stop()
		return nil, err
	}
	native, err := config.client(events.queue, log.queue)
	if err != nil {
		events.stop()
		log.stop()
		return nil, err
	}
	c := &Client{native: native, events: events, log: log, provider: config.Credentials, running: map[C.uint64_t]*upload{}}
	c.life, c.end = context.WithCancel(context.Background())
	events.start(c.handle, c.lose)
	if config.Log != nil {
		log.start(log.handle, func() {})
	}
	return c, nil
}

// Upload uploads a file, and returns when that is over. The result is nil when the upload could not be started, and tells
// what was done in every other case.
//
// When the context is done the upload is paused: the same request goes on later. When the context's cause is Aborted, it is
// aborted: nothing stays, neither on the server nor here. An upload whose last request is under way waits for the answer
// all the same; when that makes the object, the upload is a success.
func (c *Client) Upload(ctx context.Context, request Request) (*Result, error) {
	if ctx.Err() != nil {
		return nil, reason(ctx)
	}
	upload, err := c.start(&request)
	if err != nil {
		return nil, err
	}
	return upload.attend(ctx, request.Progress)
}

// Close pauses what still runs, waits for that, and frees the client. It must not be called in a Log function. The error is
// a panic in that; there is no other.
func (c *Client) Close() error {
	c.closing.Do(func() {
		c.mutex.Lock()
		c.closed = true
		running := maps.Clone(c.running)
		for _, upload := range running {
			C.ossup_upload_pause(upload.native)
		}
		c.mutex.Unlock()
		for _, upload := range running {
			<-upload.ended
		}
		c.end()
		c.events.stop()
		c.log.stop()
		C.ossup_client_free(c.native)
	})
	return c.log.panicked
}

// start has an upload begin, which is to be attended to.
func (c *Client) start(request *Request) (*upload, error) {
	native, err := request.native()
	if err != nil {
		return nil, err
	}
	defer C.ossup_request_free(native)
	// What begins at the same time waits here, as goroutines, and not in C, as threads.
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	upload := newUpload(c)
	var failure *C.ossup_error
	if err := check(C.ossup_upload_new(c.native, native, &upload.native, &failure), &failure); err != nil {
		return nil, err
	}
	tag := c.lastTag + 1
	C.ossup_upload_set_queue(upload.native, c.events.queue, tag)
	if err := check(C.ossup_upload_start(upload.native, &failure), &failure); err != nil {
		C.ossup_upload_free(upload.native)
		return nil, err
	}
	c.lastTag = tag
	c.running[tag] = upload
	return upload, nil
}

// handle passes on what an event tells.
func (c *Client) handle(event *C.ossup_event) {
	tag := C.ossup_event_tag(event)
	switch C.ossup_event_get_kind(event) {
	case C.OSSUP_EVENT_PROGRESS:
		if upload := c.find(tag); upload != nil {
			upload.tellMoved()
		}
	case C.OSSUP_EVENT_COMPLETE:
		if upload := c.remove(tag); upload != nil {
			upload.tellEnded()
		}
	case C.OSSUP_EVENT_CREDENTIALS:
		var question *C.ossup_credentials_request
		if C.ossup_event_credentials(event, &question) == C.OSSUP_OK {
			go c.answer(question)
		}
	}
}

// find is the upload with a tag; nil when it does not run.
func (c *Client) find(tag C.uint64_t) *upload {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.running[tag]
}

func (c *Client) remove(tag C.uint64_t) *upload {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	upload := c.running[tag]
	delete(c.running, tag)
	return upload
}

// lose ends the uploads of which nobody will tell. There are some only if the queue itself failed.
func (c *Client) lose() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, upload := range c.running {
		upload.tellEnded()
	}
	clear(c.running)
}
