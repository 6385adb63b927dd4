package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"fmt"
	"runtime"
)

// Diagnostics are a few lines for a support ticket: versions, what the library was built for, limits and defaults
// (ossup_diagnostics), and how many handles of the library's this package holds. Nothing secret is in it.
func Diagnostics() string {
	text := C.GoString(C.ossup_diagnostics())
	return fmt.Sprintf("%sGo: %s, %d handles held\n", text, runtime.Version(), held.Load())
}

// SetWorkerThreads sets how many threads carry all uploads of the process over the network: 1 to 64, by default 2, which
// carry any number of uploads (ossup_set_worker_threads). It is an InvalidState once the first upload was started.
func SetWorkerThreads(threads int) error {
	// A number that does not fit would be another one in C.
	if threads < 0 || threads > 64 {
		return invalid(fmt.Sprintf("%d worker threads: 1 to 64 are possible", threads))
	}
	return check(C.ossup_set_worker_threads(C.uint32_t(threads)), nil)
}

// Shutdown pauses all uploads of the process, whoever started them, and ends the library's threads (ossup_shutdown). Nothing
// can be uploaded any more. It is for the end of a main program that wants all to be over before it exits; others need
// not call it. When the context is done first, it returns why, and the shutdown goes on without anybody waiting for it.
func Shutdown(ctx context.Context) error {
	return await(ctx, func() error { return check(C.ossup_shutdown(-1), nil) })
}

// await makes a call that waits in C, and so takes a thread, for as long as the context allows. The call goes on after that.
func await(ctx context.Context, call func() error) error {
	if ctx.Err() != nil {
		return reason(ctx)
	}
	ended := make(chan error, 1)
	go func() { ended <- call() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return reason(ctx)
	}
}
