package ossup

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Whatever a test forgot to close, the collector finds.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := heldBeside(0); left != 0 && code == 0 {
		fmt.Fprintf(os.Stderr, "%d handles were never freed\n", left)
		code = 1
	}
	os.Exit(code)
}

// heldBeside has the collector look for handles that nobody can reach until no more are held than expected, and returns how
// many are held then.
func heldBeside(expected int64) int64 {
	patience := time.Now().Add(time.Minute)
	for held.Load() > expected && time.Now().Before(patience) {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	return held.Load()
}

func TestHandlesThatAreGivenUpAreFreed(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	equal(t, heldBeside(0), 0)
	client := server.client(Config{})
	withClient := held.Load()
	equal(t, withClient, 2)
	func() {
		for number := range 100 {
			request := Request{BucketName: bucketName, Key: key(number), UploadFile: path}
			if number%2 == 0 {
				request.Progress = func(Progress) {}
			}
			must(client.Start(background, request))(t)
		}
		equal(t, held.Load() > withClient, true)
	}()
	equal(t, heldBeside(withClient), withClient)
	equal(t, server.count("PutObject"), 100)
	succeed(t, client.Close())
	equal(t, held.Load(), 0)
}

// A pause leaves something to ask for, so its handle stays for as long as somebody can ask.
func TestAHandleThatIsPausedAndGivenUpIsFreed(t *testing.T) {
	server := startStandIn(t)
	equal(t, heldBeside(0), 0)
	client := server.client(Config{})
	withClient := held.Load()
	func() {
		upload := startHanging(t, server, client, Request{})
		upload.Pause()
		_, err := upload.Wait(background)
		failure(t, err, Paused)
		runtime.GC()
		equal(t, held.Load(), withClient+1)
		must(upload.ResumeToken())(t)
	}()
	equal(t, heldBeside(withClient), withClient)
}

func TestAClientThatIsGivenUpClosesItself(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	equal(t, heldBeside(0), 0)
	func() {
		client := must(NewClient(Config{
			Endpoint:    server.Endpoint,
			Region:      "cn-hangzhou",
			Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"},
		}))(t)
		must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
		equal(t, held.Load(), 2)
	}()
	equal(t, heldBeside(0), 0)
}

// What runs is not stopped because nobody looks at it any more.
func TestAClientThatIsGivenUpFinishesWhatRuns(t *testing.T) {
	server := startStandIn(t)
	path, bytes := makeFile(t, "file.bin", 10*partSize)
	equal(t, heldBeside(0), 0)
	func() {
		client := must(NewClient(Config{
			Endpoint:    server.Endpoint,
			Region:      "cn-hangzhou",
			Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"},
		}))(t)
		must(client.Start(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	}()
	equal(t, heldBeside(0), 0)
	equal(t, server.object("object"), bytes)
}

func TestNothingIsHeldOfWhatWasRefused(t *testing.T) {
	server := startStandIn(t)
	equal(t, heldBeside(0), 0)
	_, err := NewClient(Config{Endpoint: "://"})
	failure(t, err, InvalidArgument)
	equal(t, held.Load(), 0)
	client := server.client(Config{})
	_, err = client.Start(background, Request{})
	failure(t, err, InvalidArgument)
	equal(t, held.Load(), 2)
}

func TestDiagnosticsTellWhatIsHeld(t *testing.T) {
	equal(t, heldBeside(0), 0)
	server := startStandIn(t)
	server.client(Config{})
	for _, words := range []string{Version(), runtime.Version(), "2 handles held"} {
		equal(t, strings.Contains(Diagnostics(), words), true)
	}
}
