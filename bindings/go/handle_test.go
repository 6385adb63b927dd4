package ossup

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// startHanging starts an upload of four parts of which one arrives, and returns when it has.
func startHanging(t *testing.T, server *standIn, client *Client, request Request) *Upload {
	t.Helper()
	server.hang(1)
	arrived := make(chan bool)
	var once sync.Once
	request.BucketName, request.Key = bucketName, "object"
	if request.UploadStream == nil && request.UploadMemory == nil {
		request.UploadFile, _ = makeFile(t, "file.bin", 4*partSize)
	}
	request.Progress = func(progress Progress) {
		if progress.PartsConfirmed == 1 {
			once.Do(func() { close(arrived) })
		}
	}
	upload := must(client.Start(background, request))(t)
	<-arrived
	return upload
}

func TestAHandleTellsHowFarItIs(t *testing.T) {
	server := startStandIn(t)
	upload := startHanging(t, server, server.client(Config{}), Request{EnableCheckpoint: true})
	equal(t, isOver(upload), false)
	result, err := upload.Result()
	equal(t, result, nil)
	failure(t, err, InvalidState)

	now := upload.Progress()
	now.BytesInFlight = 0
	equal(t, now, Progress{Phase: Uploading, PartsTotal: 4, PartsConfirmed: 1, BytesTotal: 4 * partSize, BytesConfirmed: partSize})

	upload.Pause()
	<-upload.Done()
	result, err = upload.Result()
	failure(t, err, Paused)
	equal(t, [2]any{result.Resumable, result.PartsSent}, [2]any{true, 1})
	equal(t, upload.Progress().PartsConfirmed, 1)
	succeed(t, upload.Close())
	equal(t, upload.Progress().PartsConfirmed, 1)
}

// It was the caller's own wish, so the error has no other cause.
func TestAPauseOfTheHandleNeedsNoReason(t *testing.T) {
	server := startStandIn(t)
	upload := startHanging(t, server, server.client(Config{}), Request{EnableCheckpoint: true})
	upload.Pause()
	_, err := upload.Wait(background)
	found := failure(t, err, Paused)
	equal(t, [2]bool{errors.Is(err, context.Canceled), errors.Is(err, ErrClosed)}, [2]bool{})
	equal(t, len(found.causes), 0)
}

func TestAHandleAborts(t *testing.T) {
	server := startStandIn(t)
	upload := startHanging(t, server, server.client(Config{}), Request{EnableCheckpoint: true})
	upload.Abort()
	result, err := upload.Wait(background)
	failure(t, err, Aborted)
	equal(t, result.Resumable, false)
	equal(t, server.uploads(), "[]")
}

func TestWaitingIsGivenUpWithoutTheUpload(t *testing.T) {
	server := startStandIn(t)
	upload := startHanging(t, server, server.client(Config{}), Request{})
	ctx, cancel := context.WithCancel(background)
	cancel()
	_, err := upload.Wait(ctx)
	equal(t, err, context.Canceled)
	equal(t, isOver(upload), false)
	succeed(t, upload.Close())
}

func TestClosingAHandlePausesAndLeavesNothing(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	upload := startHanging(t, server, client, Request{})
	succeed(t, upload.Close())
	succeed(t, upload.Close())
	_, err := upload.Wait(background)
	failure(t, err, Paused)
	_, err = upload.ResumeToken()
	failure(t, err, InvalidState)
	upload.Pause()
	upload.Abort()
	succeed(t, upload.SetBandwidthLimit(0))
	// Without a record nobody knows of it, so it is taken away, which closing waits for.
	succeed(t, client.Close())
	equal(t, server.uploads(), "[]")
}

func TestATokenOfTheHandleGoesOn(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	upload := startHanging(t, server, client, Request{})
	token := must(upload.ResumeToken())(t)
	succeed(t, upload.Close())
	server.clearFaults()
	path, bytes := makeFile(t, "file.bin", 4*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, ResumeToken: token}
	result := must(client.Upload(background, request))(t)
	equal(t, [2]any{result.Resumed, result.PartsReused}, [2]any{true, 1})
	equal(t, server.object("object"), bytes)
}

func TestATokenOfTheResultGoesOn(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	upload := startHanging(t, server, client, Request{WantResumeToken: true})
	succeed(t, upload.Close())
	stopped, err := upload.Wait(background)
	failure(t, err, Paused)
	server.clearFaults()
	path, _ := makeFile(t, "file.bin", 4*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, ResumeToken: stopped.ResumeToken, WantResumeToken: true}
	result := must(client.Upload(background, request))(t)
	equal(t, [3]any{result.Resumed, result.PartsReused, result.ResumeToken}, [3]any{true, 1, ""})
}

func TestThereIsNoTokenBeforeThereIsAnUpload(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	upload := must(server.client(Config{}).Start(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	must(upload.Wait(background))(t)
	_, err := upload.ResumeToken()
	failure(t, err, InvalidState)
}

func TestBandwidthIsLimitedWhileItRuns(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	upload := startHanging(t, server, client, Request{})
	for _, limit := range []func(int64) error{upload.SetBandwidthLimit, client.SetBandwidthLimit} {
		succeed(t, limit(1024))
		succeed(t, limit(0))
		failure(t, limit(1023), InvalidArgument)
		failure(t, limit(-1), InvalidArgument)
	}
	succeed(t, client.Close())
	equal(t, client.SetBandwidthLimit(0), ErrClosed)
}

// A cap of the handle's, or of the client's, that kept its first value would have this take hours.
func TestALimitIsLiftedWhileItRuns(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 40*partSize)
	client := server.client(Config{BandwidthLimit: 1024})
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, BandwidthLimit: 1024}
	upload := must(client.Start(background, request))(t)
	succeed(t, upload.SetBandwidthLimit(0))
	succeed(t, client.SetBandwidthLimit(0))
	must(upload.Wait(background))(t)
}

func TestWhatIsRefusedIsToldAtTheStart(t *testing.T) {
	server := startStandIn(t)
	upload, err := server.client(Config{}).Start(background, Request{Key: "object", UploadFile: "/file"})
	equal(t, upload, nil)
	equal(t, strings.Contains(failure(t, err, InvalidArgument).Message, "BucketName"), true)
}

func TestManyMayUseAHandle(t *testing.T) {
	server := startStandIn(t)
	upload := startHanging(t, server, server.client(Config{}), Request{EnableCheckpoint: true})
	ended := make(chan bool)
	for _, use := range []func(){
		func() { upload.Progress() },
		func() { upload.SetBandwidthLimit(0) },
		func() { upload.ResumeToken() },
		func() { upload.Result() },
		upload.Pause,
	} {
		go func() {
			for range 1000 {
				use()
			}
			ended <- true
		}()
	}
	go func() {
		upload.Close()
		ended <- true
	}()
	for range 6 {
		<-ended
	}
	_, err := upload.Wait(background)
	failure(t, err, Paused)
}

func TestElapsedIsToldInTime(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	began := time.Now()
	result := must(server.client(Config{}).Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	// It is counted in whole milliseconds.
	equal(t, result.Elapsed <= time.Since(began)+time.Millisecond, true)
}

func TestAnUploadThatNobodyStartedIsOver(t *testing.T) {
	var upload Upload
	<-upload.Done()
	_, err := upload.Wait(background)
	equal(t, failure(t, err, InvalidState).Message, "the upload was never started")
	equal(t, upload.Progress(), Progress{})
	_, err = upload.ResumeToken()
	failure(t, err, InvalidState)
	upload.Pause()
	upload.Abort()
	succeed(t, upload.Close())
}
