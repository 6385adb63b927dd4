package ossup

import (
	"context"
	"fmt"
	"io"
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
	now, err := threads()
	if err != nil || now < 2 {
		t.Errorf("%d threads: %v", now, err)
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.threads = max(p.threads, now)
}

// crowd is many uploads at once, and the threads that they need.
type crowd struct {
	begun        sync.WaitGroup // over when all of them have begun
	before, most peak
}

const crowded = 2000

func newCrowd(t *testing.T) *crowd {
	c := &crowd{}
	c.begun.Add(crowded)
	c.before.look(t)
	return c
}

// upload returns when all of them are over.
func (c *crowd) upload(t *testing.T, client *Client, request func(number int) Request) {
	t.Helper()
	var ended sync.WaitGroup
	ended.Add(crowded)
	for number := range crowded {
		go func() {
			defer ended.Done()
			upload, err := client.Start(background, request(number))
			c.begun.Done()
			if err == nil {
				_, err = upload.Wait(background)
			}
			if err != nil {
				t.Error(err)
			}
			if number%100 == 0 {
				c.most.look(t)
			}
		}()
	}
	c.begun.Wait()
	c.most.look(t)
	ended.Wait()
	// Go keeps those that other tests needed.
	t.Logf("%d threads at most, %d before", c.most.threads, c.before.threads)
	equal(t, c.most.threads-c.before.threads < 50, true)
}

func TestManyUploadsNeedFewThreads(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	crowd := newCrowd(t)
	// The library opens and reads files by threads of its own, a few for each upload under way.
	client := server.client(Config{MaxUploads: 8, Credentials: CredentialsFunc(func(context.Context) (Credentials, error) {
		// Asked once, while all of them run.
		crowd.begun.Wait()
		crowd.most.look(t)
		return Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}, nil
	})})
	crowd.upload(t, client, func(number int) Request {
		return Request{BucketName: bucketName, Key: key(number), UploadFile: path}
	})
	equal(t, len(client.uploads.all()), 0)
	equal(t, server.count("PutObject"), crowded)
}

func TestManyStreamsNeedFewThreads(t *testing.T) {
	server := startStandIn(t)
	crowd := newCrowd(t)
	client := server.client(Config{MaxUploads: 8})
	crowd.upload(t, client, func(number int) Request {
		stream := io.MultiReader(strings.NewReader("begins"), reader(func([]byte) (int, error) {
			// None ends before all have begun.
			crowd.begun.Wait()
			return 0, io.EOF
		}))
		return Request{BucketName: bucketName, Key: key(number), UploadStream: stream}
	})
	equal(t, server.count("PutObject"), crowded)
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
