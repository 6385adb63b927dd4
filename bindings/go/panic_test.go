package ossup

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"testing"
)

func TestAListenerThatFailsPausesTheUpload(t *testing.T) {
	server := startStandIn(t)
	server.hang(1)
	path, _ := makeFile(t, "file.bin", 10*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, EnableCheckpoint: true}
	request.Progress = func(progress Progress) {
		if progress.PartsConfirmed >= 1 {
			panic(fs.ErrClosed)
		}
	}
	result, err := server.client(Config{ProgressInterval: 1e6}).Upload(background, request)
	failure(t, err, Paused)
	var panicked *PanicError
	equal(t, errors.As(err, &panicked), true)
	equal(t, errors.Is(err, fs.ErrClosed), true)
	equal(t, strings.Contains(string(panicked.Stack), "TestAListenerThatFails"), true)
	equal(t, result.Resumable, true)
}

func TestAGoroutineThatEndsInProgressPausesTheUpload(t *testing.T) {
	server := startStandIn(t)
	server.hang(1)
	path, _ := makeFile(t, "file.bin", 10*partSize)
	client := server.client(Config{ProgressInterval: 1e6})
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, EnableCheckpoint: true}
	request.Progress = func(Progress) { runtime.Goexit() }
	_, err := client.Upload(background, request)
	failure(t, err, Paused)
	var panicked *PanicError
	equal(t, errors.As(err, &panicked), true)
	equal(t, [2]any{panicked.Function, panicked.Value}, [2]any{"Progress", "runtime.Goexit was called"})
	equal(t, strings.Contains(string(panicked.Stack), "TestAGoroutineThatEnds"), true)
}

func TestAProviderThatEndsItsGoroutineFailsTheUpload(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{Credentials: CredentialsFunc(func(context.Context) (Credentials, error) {
		runtime.Goexit()
		return Credentials{}, nil
	})})
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	failure(t, err, NoCredentials)
}

func TestAPanicIsToldBesideAFailure(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "wrong"}})
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	request.Progress = func(Progress) {
		// Too late to stop it.
		for len(client.uploads.all()) > 0 {
			runtime.Gosched()
		}
		panic(fs.ErrClosed)
	}
	_, err := client.Upload(background, request)
	failure(t, err, AccessDenied)
	equal(t, errors.Is(err, fs.ErrClosed), true)
}
