package ossup

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
)

func TestAnyNumberMayCloseAClient(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	upload := startHanging(t, server, client, Request{EnableCheckpoint: true})
	var closing sync.WaitGroup
	for range 8 {
		closing.Add(1)
		go func() {
			defer closing.Done()
			succeed(t, client.Close())
		}()
	}
	closing.Wait()
	equal(t, isOver(upload) || len(client.uploads.all()) == 0, true)
	_, err := upload.Wait(background)
	failure(t, err, Paused)
	equal(t, errors.Is(err, ErrClosed), true)
}

func TestWhatAClosedClientRefusesIsAShutDown(t *testing.T) {
	client := startStandIn(t).client(Config{})
	succeed(t, client.Close())
	_, err := client.Upload(background, Request{})
	equal(t, err, ErrClosed)
	failure(t, err, ShutDown)
	_, err = client.ListIncompleteUploads(background, bucketName, "", 0)
	equal(t, err, ErrClosed)
	equal(t, client.AbortIncompleteUpload(background, bucketName, "object", "id"), ErrClosed)
}

func TestStartsMayRaceWithTheEnd(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	for range 20 {
		client := server.client(Config{})
		var started sync.WaitGroup
		for number := range 8 {
			started.Add(1)
			go func() {
				defer started.Done()
				request := Request{BucketName: bucketName, Key: key(number), UploadFile: path}
				_, err := client.Upload(background, request)
				if err != nil && !errors.Is(err, ErrClosed) {
					t.Error(err)
				}
			}()
		}
		succeed(t, client.Close())
		started.Wait()
	}
}

// The log is told to its end before its client is gone.
func TestAShutdownIsGivenUpAndGoesOn(t *testing.T) {
	server := startStandIn(t)
	handling, resume := make(chan bool), make(chan bool)
	var once sync.Once
	client := server.client(Config{Logger: logger(LevelTrace, func(slog.Record) {
		once.Do(func() { close(handling) })
		<-resume
	})})
	path, _ := makeFile(t, "file.bin", 1000)
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	<-handling
	ctx, cancel := context.WithCancel(background)
	cancel()
	equal(t, client.Shutdown(ctx), context.Canceled)
	close(resume)
	succeed(t, client.Close())
}

func TestTwoClientsKnowNothingOfEachOther(t *testing.T) {
	one, other := startStandIn(t), startStandIn(t)
	first := one.client(Config{})
	upload := startHanging(t, one, first, Request{EnableCheckpoint: true})
	second := other.client(Config{})
	path, bytes := makeFile(t, "other.bin", 1000)
	must(second.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	equal(t, other.object("object"), bytes)
	succeed(t, second.Close())
	equal(t, isOver(upload), false)
	succeed(t, upload.Close())
}
