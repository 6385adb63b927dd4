package ossup

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"testing"
	"time"
)

func TestAContextThatIsDoneStartsNothing(t *testing.T) {
	server := startStandIn(t)
	ctx, cancel := context.WithCancelCause(background)
	cancel(fs.ErrClosed)
	client := server.client(Config{})
	result, err := client.Upload(ctx, Request{})
	equal(t, result, nil)
	equal(t, [2]bool{errors.Is(err, context.Canceled), errors.Is(err, fs.ErrClosed)}, [2]bool{true, true})
	upload, err := client.Start(ctx, Request{})
	equal(t, upload, nil)
	equal(t, errors.Is(err, context.Canceled), true)
}

func TestACancelledContextPausesAnUploadThatWaitsForItsTurn(t *testing.T) {
	server := startStandIn(t)
	server.hang(0)
	path, _ := makeFile(t, "file.bin", 2*partSize)
	client := server.client(Config{MaxUploads: 1})
	first := must(client.Start(background, Request{BucketName: bucketName, Key: key(1), UploadFile: path}))(t)
	ctx, cancel := context.WithCancel(background)
	second := must(client.Start(ctx, Request{BucketName: bucketName, Key: key(2), UploadFile: path}))(t)
	cancel()
	_, err := second.Wait(background)
	failure(t, err, Paused)
	equal(t, errors.Is(err, context.Canceled), true)
	equal(t, isOver(first), false)
	succeed(t, first.Close())
}

func TestAContextThatEndsLaterChangesNothing(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	ctx, cancel := context.WithCancel(background)
	upload := must(server.client(Config{}).Start(ctx, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	before := must(upload.Wait(background))(t)
	cancel()
	equal(t, must(upload.Wait(background))(t), before)
	equal(t, must(upload.Wait(ctx))(t), before)
}

func TestATimeoutOfTheContextPauses(t *testing.T) {
	server := startStandIn(t)
	server.hang(0)
	path, _ := makeFile(t, "file.bin", 2*partSize)
	ctx, cancel := context.WithTimeout(background, time.Millisecond)
	defer cancel()
	_, err := server.client(Config{}).Upload(ctx, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	// The time may be over before the upload was begun.
	equal(t, errors.Is(err, context.DeadlineExceeded), true)
}

func TestADeadlineOfTheRequestIsOneOfContexts(t *testing.T) {
	server := startStandIn(t)
	server.hang(0)
	path, _ := makeFile(t, "file.bin", 2*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, Deadline: time.Millisecond}
	_, err := server.client(Config{}).Upload(background, request)
	failure(t, err, DeadlineExceeded)
	equal(t, errors.Is(err, context.DeadlineExceeded), true)
	equal(t, errors.Is(err, context.Canceled), false)
}

func TestOneContextPausesManyUploads(t *testing.T) {
	const count = 500
	server := startStandIn(t)
	server.hang(0)
	path, _ := makeFile(t, "file.bin", 2*partSize)
	client := server.client(Config{MaxUploads: 8})
	ctx, cancel := context.WithCancel(background)
	var begun, ended sync.WaitGroup
	begun.Add(count)
	ended.Add(count)
	for number := range count {
		go func() {
			defer ended.Done()
			upload, err := client.Start(ctx, Request{BucketName: bucketName, Key: key(number), UploadFile: path})
			begun.Done()
			if err == nil {
				_, err = upload.Wait(background)
			}
			if !errors.Is(err, Paused) || !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}()
	}
	begun.Wait()
	cancel()
	ended.Wait()
	equal(t, len(client.uploads.all()), 0)
}

func isOver(upload *Upload) bool {
	select {
	case <-upload.Done():
		return true
	default:
		return false
	}
}
