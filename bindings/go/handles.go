package ossup

import "sync/atomic"

// held counts the clients, uploads and queues of C's that were made and not freed yet.
var held atomic.Int64

// crossings bounds how many goroutines are in C at a time for what takes no time: each takes a thread there while others
// hold the locks that it needs.
var crossings = make(chan struct{}, 8)

// cross makes a call that does not wait.
func cross(call func()) {
	crossings <- struct{}{}
	defer func() { <-crossings }()
	call()
}
