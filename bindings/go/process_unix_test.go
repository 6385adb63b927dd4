//go:build unix

package ossup

import (
	"context"
	"os"
	"os/exec"
	"testing"
)

// Sets the test's own program to play a program that ends the library.
const part = "OSSUP_TEST_PART"

// A shutdown is for ever, so it is tried in a process of its own, where the threads have not been started yet either.
func TestTheWholeLibraryIsShutDown(t *testing.T) {
	if os.Getenv(part) == t.Name() {
		playShutdown(t)
		return
	}
	program := exec.Command(must(os.Executable())(t), "-test.run=^"+t.Name()+"$")
	program.Env = append(os.Environ(), part+"="+t.Name())
	if said, err := program.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

func playShutdown(t *testing.T) {
	failure(t, SetWorkerThreads(0), InvalidArgument)
	failure(t, SetWorkerThreads(-1), InvalidArgument)
	failure(t, SetWorkerThreads(1<<32+1), InvalidArgument)
	succeed(t, SetWorkerThreads(1))
	server := startStandIn(t)
	client := server.client(Config{})
	upload := startHanging(t, server, client, Request{EnableCheckpoint: true})
	failure(t, SetWorkerThreads(2), InvalidState)
	done, cancel := context.WithCancel(background)
	cancel()
	equal(t, Shutdown(done), context.Canceled)
	equal(t, isOver(upload), false)
	succeed(t, Shutdown(background))
	_, err := upload.Wait(background)
	failure(t, err, Paused)
	_, err = client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: "/file"})
	failure(t, err, ShutDown)
	succeed(t, client.Close())
}

// What a child has, it would keep: a record's lock among it.
func TestAChildHasNothingOfAnUpload(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	folder := makeFolder(t)
	request := Request{EnableCheckpoint: true, CheckpointDir: folder}
	upload := startHanging(t, server, client, request)
	// It lives until its input is closed.
	child := exec.Command("cat")
	input := must(child.StdinPipe())(t)
	succeed(t, child.Start())
	succeed(t, upload.Close())
	succeed(t, DeleteRecord(must(ReadRecords(folder))(t)[0].Path))
	succeed(t, input.Close())
	succeed(t, child.Wait())
}
