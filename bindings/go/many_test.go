package ossup

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// peak is the most threads that the process was seen to have.
type peak struct {
	mutex   sync.Mutex
	threads int
}

func (p *peak) look(t *testing.T) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Error(err)
	}
	var now int
	_, after, _ := strings.Cut(string(status), "\nThreads:")
	fmt.Sscan(after, &now)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.threads = max(p.threads, now)
}

func TestManyUploadsNeedFewThreads(t *testing.T) {
	const count = 2000
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	var begun, ended sync.WaitGroup
	begun.Add(count)
	ended.Add(count)
	var before, most peak
	before.look(t)
	// The library opens and reads files by threads of its own, a few for each upload under way.
	client := server.client(Config{MaxUploads: 8, Credentials: CredentialsFunc(func(context.Context) (Credentials, error) {
		// Asked once, while all of them run.
		begun.Wait()
		most.look(t)
		return Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}, nil
	})})
	for number := 0; number < count; number++ {
		go func() {
			defer ended.Done()
			upload, err := client.Start(background, Request{BucketName: bucketName, Key: key(number), UploadFile: path})
			begun.Done()
			if err == nil {
				_, err = upload.Wait(background)
			}
			if err != nil {
				t.Error(err)
			}
			if number%100 == 0 {
				most.look(t)
			}
		}()
	}
	ended.Wait()
	// Go keeps those that other tests needed.
	t.Logf("%d threads at most, %d before", most.threads, before.threads)
	equal(t, most.threads-before.threads < 50, true)
	equal(t, len(client.uploads.all()), 0)
	equal(t, server.count("PutObject"), count)
}

// Errors are values of their own call: whoever looks at one sees no other goroutine's.
func TestErrorsAreNeverMixedUp(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	client := startStandIn(t).client(Config{})
	var goroutines sync.WaitGroup
	for number := 0; number < 64; number++ {
		goroutines.Add(1)
		go func() {
			defer goroutines.Done()
			name := fmt.Sprintf("Bucket-%d", number)
			for try := 0; try < 1000; try++ {
				_, err := client.Upload(background, Request{BucketName: name, Key: "object", UploadFile: "/file"})
				if err == nil || !strings.Contains(err.Error(), name+"\"") {
					t.Errorf("%s: %v", name, err)
					return
				}
			}
		}()
	}
	goroutines.Wait()
}
