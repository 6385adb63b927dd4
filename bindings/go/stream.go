package ossup

// #include <ossup.h>
import "C"

import (
	"io"
	"unsafe"
)

// What is read at a time: as much as the library sends at a time.
const pieceSize = 64 << 10

// pump pushes a stream into the upload to its end, on a goroutine of its own. What goes wrong stops the upload, and leaves
// nothing where nothing could be gone on from.
func (u *Upload) pump(stream io.Reader, stop func(why error)) {
	returned := false
	defer func() {
		if !returned {
			stop(gone("Read"))
		}
	}()
	var err error
	if panicked := guard("Read", func() { err = u.pour(stream) }); panicked != nil {
		err = panicked
	}
	if err != nil {
		stop(err)
	}
	returned = true
}

// pour returns the reader's error. Those of the upload are told by its end.
func (u *Upload) pour(stream io.Reader) error {
	piece := make([]byte, pieceSize)
	for empty := 0; ; {
		length, err := stream.Read(piece)
		if length > 0 {
			empty = 0
		} else {
			empty++
		}
		switch {
		case !u.write(piece[:length]):
			return nil
		case err == io.EOF:
			// Only so it is the end: one that wraps it broke off.
			u.finish()
			return nil
		case err != nil:
			return err
		case empty > 100:
			return io.ErrNoProgress
		}
	}
}

// write has the library take bytes, and waits for room without a thread. It tells whether more are taken.
func (u *Upload) write(bytes []byte) bool {
	for len(bytes) > 0 {
		var written C.size_t
		status := C.ossup_status(C.OSSUP_PAUSED)
		u.call(func(native *C.ossup_upload) {
			status = C.ossup_upload_write(native, unsafe.Pointer(&bytes[0]), C.size_t(len(bytes)), 0, &written, nil)
		})
		bytes = bytes[written:]
		switch status {
		case C.OSSUP_OK:
		case C.OSSUP_TIMED_OUT:
			select {
			case <-u.room:
			case <-u.ended:
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (u *Upload) finish() {
	u.call(func(native *C.ossup_upload) { C.ossup_upload_finish(native, nil) })
}
