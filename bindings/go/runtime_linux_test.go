package ossup

import (
	"io"
	"os"
	"runtime/pprof"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// action is how the system describes a signal's handler.
type action struct {
	handler, flags, restorer, mask uintptr
}

func actions(t *testing.T) (all [64]action) {
	for signal := range all {
		place := uintptr(unsafe.Pointer(&all[signal]))
		_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal+1), 0, place, 8, 0, 0)
		equal(t, errno, 0)
	}
	return all
}

// uploadMany uploads small files, some at a time.
func uploadMany(t *testing.T, client *Client, path string, count int) {
	numbers := make(chan int)
	var workers sync.WaitGroup
	for worker := 0; worker < 20; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for number := range numbers {
				told := 0
				request := Request{BucketName: bucketName, Key: key(number), UploadFile: path}
				request.Progress = func(Progress) { told++ }
				if _, err := client.Upload(background, request); err != nil || told == 0 {
					t.Errorf("%v, told %d times", err, told)
				}
			}
		}()
	}
	for number := 0; number < count; number++ {
		numbers <- number
	}
	close(numbers)
	workers.Wait()
}

// manyUploads is how many uploads are many: OSSUP_TEST_UPLOADS, or as many as take a moment.
func manyUploads(t *testing.T) int {
	asked, is := os.LookupEnv("OSSUP_TEST_UPLOADS")
	if !is {
		return 1000
	}
	return must(strconv.Atoi(asked))(t)
}

func TestManyUploadsLeaveSignalsAndHandlesAsTheyWere(t *testing.T) {
	count := manyUploads(t)
	equal(t, heldBeside(0), 0)
	before := actions(t)
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{})

	succeed(t, pprof.StartCPUProfile(io.Discard))
	ended := make(chan bool)
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(100 * time.Microsecond):
				syscall.Kill(syscall.Getpid(), syscall.SIGURG)
				syscall.Kill(syscall.Getpid(), syscall.SIGPROF)
			}
		}
	}()
	uploadMany(t, client, path, count)
	close(ended)
	pprof.StopCPUProfile()
	equal(t, server.count("PutObject"), count)
	equal(t, actions(t), before)
	succeed(t, client.Close())
	equal(t, held.Load(), 0)
}
