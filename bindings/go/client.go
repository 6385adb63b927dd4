package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Client holds connections, credentials and the server's clock. Any number of goroutines may use it; one for a whole
// program is best. It is to be closed; one that nobody can reach any more, and that has no upload under way, closes itself.
type Client struct {
	*client
}

// client is what a Client's goroutines hold, so that the Client itself can be given up.
type client struct {
	native *C.ossup_client
	use    sync.RWMutex // held for reading by calls with native, for writing by its end

	events             *poller
	log                *log
	uploads            uploads
	providers          []CredentialsFunc
	credentialsTimeout time.Duration
	noCredentials      atomic.Pointer[error] // what a provider said when it had none

	life   context.Context // the providers': done when nobody needs them any more
	end    context.CancelFunc
	ending sync.Once
	ended  chan struct{} // closed when all is freed
}

// NewClient makes a client (ossup_client_new). It reads the environment and the files that the config names, and sends
// nothing. A parameter that is refused is an InvalidArgument.
func NewClient(config Config) (*Client, error) {
	if misfit != nil {
		return nil, misfit
	}
	events, err := newPoller()
	if err != nil {
		return nil, err
	}
	log, err := newLog(&config)
	if err != nil {
		events.stop()
		return nil, err
	}
	native, providers, err := config.native(events.queue, log)
	if err != nil {
		events.stop()
		log.stop()
		return nil, err
	}
	held.Add(1)
	inner := &client{
		native:             native,
		events:             events,
		log:                log,
		providers:          providers,
		credentialsTimeout: config.credentialsTimeout(),
		ended:              make(chan struct{}),
	}
	inner.life, inner.end = context.WithCancel(context.Background())
	events.start(inner.handle, inner.uploads.lose)
	log.start()
	c := &Client{inner}
	runtime.AddCleanup(c, func(inner *client) { go inner.finish() }, inner)
	return c, nil
}

// Upload uploads a file, memory or a stream, and returns when that is over. The result is nil when the upload could not be
// started, and tells what was done in every other case, along with the error if it is no success.
//
// When the context is done the upload is paused: the same request goes on later. When the context's cause is Aborted, it is
// aborted: nothing stays, neither on the server nor here. An upload whose last request is under way waits for the answer
// all the same; when that makes the object, the upload is a success.
//
// Any number of goroutines may wait here: none of them takes a thread.
func (c *Client) Upload(ctx context.Context, request Request) (*Result, error) {
	upload, err := c.Start(ctx, request)
	if err != nil {
		return nil, err
	}
	defer upload.Close()
	<-upload.Done()
	return upload.Result()
}

// Start begins an upload, or goes on with one, and returns at once (ossup_upload_start). What goes wrong later is told by
// Upload.Wait. The context is the upload's for as long as it runs: when it is done the upload is paused or aborted, as by
// Client.Upload. A context that is done already starts nothing.
//
// Errors: InvalidArgument when a parameter is missing or was refused, ErrClosed.
func (c *Client) Start(ctx context.Context, request Request) (*Upload, error) {
	if ctx.Err() != nil {
		return nil, reason(ctx)
	}
	upload := newUpload(c)
	if err := upload.start(&request); err != nil {
		return nil, err
	}
	upload.obey(ctx)
	return upload, nil
}

// SetBandwidthLimit sets how many bytes of files a second all uploads of the client may send together from now on: at least
// 1024, or 0 for no cap (ossup_client_set_bandwidth_limit).
func (c *Client) SetBandwidthLimit(bytesPerSecond int64) error {
	if bytesPerSecond < 0 {
		return invalid("a negative bandwidth limit")
	}
	return c.with(func(native *C.ossup_client) error {
		return check(C.ossup_client_set_bandwidth_limit(native, C.uint64_t(bytesPerSecond)), nil)
	})
}

// Shutdown pauses what still runs, waits until that is over and nothing is left that nobody knows of, and frees the client
// (ossup_client_shutdown). Calls of ListIncompleteUploads and AbortIncompleteUpload are waited for, too. When the context is
// done first it returns why, and all this goes on without anybody waiting for it; a later call waits for the rest. Any
// goroutine, as often as one likes, also in Progress, but not in a log's handler.
//
// Uploads are not started any more then, which is ErrClosed. The error is the context's, or a panic in the log's handler.
func (c *Client) Shutdown(ctx context.Context) error {
	go c.finish()
	select {
	case <-c.ended:
		return c.log.failure()
	case <-ctx.Done():
		return reason(ctx)
	}
}

// Close is Shutdown that waits for as long as it takes.
func (c *Client) Close() error {
	return c.Shutdown(context.Background())
}

// with makes a call with C's client, which is not freed meanwhile.
func (c *client) with(call func(*C.ossup_client) error) error {
	if c.uploads.isClosed() {
		return ErrClosed
	}
	c.use.RLock()
	defer c.use.RUnlock()
	if c.native == nil {
		return ErrClosed
	}
	return call(c.native)
}

// finish ends all that the client has, once.
func (c *client) finish() {
	c.ending.Do(func() {
		defer close(c.ended)
		c.uploads.close()
		// Whatever runs is paused from here on, and waited for without a thread.
		C.ossup_client_shutdown(c.native, 0)
		for _, upload := range c.uploads.all() {
			<-upload.ended
		}
		c.end()
		C.ossup_client_shutdown(c.native, -1)
		c.events.stop()
		c.log.stop()
		c.use.Lock()
		defer c.use.Unlock()
		C.ossup_client_free(c.native)
		c.native = nil
		held.Add(-1)
	})
}

// handle passes on what an event tells.
func (c *client) handle(event *C.ossup_event) {
	tag := C.ossup_event_tag(event)
	switch C.ossup_event_get_kind(event) {
	case C.OSSUP_EVENT_PROGRESS:
		if upload := c.uploads.find(tag); upload != nil {
			upload.tellMoved()
		}
	case C.OSSUP_EVENT_WRITABLE:
		if upload := c.uploads.find(tag); upload != nil {
			upload.tellRoom()
		}
	case C.OSSUP_EVENT_COMPLETE:
		if upload := c.uploads.remove(tag); upload != nil {
			upload.tellEnded()
		}
	case C.OSSUP_EVENT_CREDENTIALS:
		var question *C.ossup_credentials_request
		if C.ossup_event_credentials(event, &question) == C.OSSUP_OK {
			go c.answer(question, c.providers[tag])
		}
	}
}
