// Package ossup uploads files to Alibaba Cloud OSS and survives failures: the same call again goes on where the last one
// stopped.
//
// A [Client] is made once, a [Request] for each upload. [Client.Upload] waits for the end, [Client.Start] returns a handle.
// The context comes first: when it is done the upload is paused, and the same request goes on later.
//
// # Goroutines
//
// Clients and uploads are for any number of goroutines at once. A Config and a Request are values, copied by the call that
// takes them; only what UploadMemory and UploadStream refer to has to be left alone until the upload is over.
//
// The package stands on libossup's queue alone: C never calls Go. However many uploads a client has, one goroutine waits for
// what they tell, and it takes one thread. Functions of the caller's run on goroutines of this package, and their panics come
// back as errors of type [PanicError].
//
// # Errors
//
// Each error of this package that came from the library is an [*Error]. errors.Is finds its [Status], as in
// errors.Is(err, ossup.AccessDenied), and the cause, such as context.Canceled or fs.ErrNotExist.
//
// # C
//
// Names are those of the C API, in Go's spelling: Request.PartSize is ossup_request_set_part_size. The library is found by
// pkg-config, under the name ossup.
package ossup

// #cgo pkg-config: ossup
// #include <ossup.h>
import "C"

import "fmt"

// Version is the library's, such as "0.1.0" (ossup_version).
func Version() string {
	return C.GoString(C.ossup_version())
}

// misfit says why the library that was loaded is not the one that this package was made for; nil when it is.
var misfit = compare(uint32(C.ossup_abi_version()), C.OSSUP_ABI_VERSION)

func compare(found, wanted uint32) error {
	if found == wanted {
		return nil
	}
	return fmt.Errorf("ossup: the library has binary interface %d, this package needs %d", found, wanted)
}
