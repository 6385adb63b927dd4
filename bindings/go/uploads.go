package ossup

// #include <ossup.h>
import "C"

import (
	"maps"
	"slices"
	"sync"
)

// uploads are those of a client that run, by the tags under which their events come.
type uploads struct {
	mutex   sync.Mutex
	closed  bool
	running map[C.uint64_t]*Upload
	lastTag C.uint64_t
}

// add has an upload begin, by a function that is given its tag. What begins at the same time waits here, as goroutines, and
// not in C, as threads.
func (u *uploads) add(upload *Upload, begin func(tag C.uint64_t) error) error {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.closed {
		return ErrClosed
	}
	u.lastTag++
	if err := begin(u.lastTag); err != nil {
		return err
	}
	if u.running == nil {
		u.running = map[C.uint64_t]*Upload{}
	}
	u.running[u.lastTag] = upload
	return nil
}

// find is the upload with a tag; nil when it does not run.
func (u *uploads) find(tag C.uint64_t) *Upload {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return u.running[tag]
}

func (u *uploads) remove(tag C.uint64_t) *Upload {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	upload := u.running[tag]
	delete(u.running, tag)
	return upload
}

// close lets none begin any more.
func (u *uploads) close() {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.closed = true
}

// all are those that run.
func (u *uploads) all() []*Upload {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return slices.Collect(maps.Values(u.running))
}

func (u *uploads) isClosed() bool {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return u.closed
}

// lose ends the uploads of which nobody will tell. There are some only if the queue itself failed.
func (u *uploads) lose() {
	u.close()
	for _, upload := range u.all() {
		upload.tellEnded()
	}
}
