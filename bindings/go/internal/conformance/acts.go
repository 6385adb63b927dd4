package main

import (
	"context"
	"runtime"

	"ossup"
)

var background = context.Background()

// What can be done. Files are uploaded unless another source is named.
var acts = map[string]func(*task, *ossup.Client) error{
	"upload":            ofFile(upload),
	"log":               ofFile(upload),
	"pause":             ofFile(stopped((*ossup.Upload).Pause)),
	"abort":             ofFile(stopped((*ossup.Upload).Abort)),
	"export":            ofFile(stopped(export)),
	"pause_in_progress": ofFile(pauseInProgress),
	"listener_fails":    ofFile(listenerFails),
	"free_early":        ofFile(freeEarly),
	"close_client":      ofFile(closeClient),
	"twice":             ofFile(twice),
	"together":          ofFile(together),
	"memory":            memory,
	"stream":            stream,
	"stream_sized":      streamSized,
	"stream_failing":    streamFailing,
	"incomplete":        incomplete,
	"record":            record,
}

func ofFile(act func(*task, *ossup.Client)) func(*task, *ossup.Client) error {
	return func(t *task, client *ossup.Client) error {
		t.request.UploadFile = t.file
		act(t, client)
		return nil
	}
}

// upload is the blocking call.
func upload(t *task, client *ossup.Client) {
	uploadUnder(background, t, client, newWatch())
}

func uploadUnder(ctx context.Context, t *task, client *ossup.Client, watch *watch) {
	t.request.Progress = watch.tell
	result, err := client.Upload(ctx, t.request)
	reportEnd(result, err)
	watch.report()
}

// begin starts an upload and waits until something of it is confirmed, or all is over. It is nil when it was refused.
func begin(t *task, client *ossup.Client, watch *watch) *ossup.Upload {
	t.request.Progress = watch.tell
	upload, err := client.Start(background, t.request)
	if err != nil {
		reportEnd(nil, err)
		return nil
	}
	select {
	case <-watch.begun:
	case <-upload.Done():
	}
	return upload
}

// stopped has a running upload stopped from outside.
func stopped(stop func(*ossup.Upload)) func(*task, *ossup.Client) {
	return func(t *task, client *ossup.Client) {
		watch := newWatch()
		upload := begin(t, client, watch)
		if upload == nil {
			return
		}
		defer upload.Close()
		stop(upload)
		reportEnd(upload.Wait(background))
		watch.report()
	}
}

func export(upload *ossup.Upload) {
	token, err := upload.ResumeToken()
	upload.Pause()
	if err != nil {
		reportEnd(nil, err)
	}
	sayText("resume_token", token)
}

// pauseInProgress has the listener cancel the context.
func pauseInProgress(t *task, client *ossup.Client) {
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	watch := newWatch()
	watch.do = func(progress ossup.Progress) {
		if progress.BytesConfirmed > 0 {
			cancel()
		}
	}
	uploadUnder(ctx, t, client, watch)
}

func listenerFails(t *task, client *ossup.Client) {
	watch := newWatch()
	watch.do = func(ossup.Progress) { panic("listener: boom") }
	uploadUnder(background, t, client, watch)
}

// freeEarly gives the only handle up: the collector may have it.
func freeEarly(t *task, client *ossup.Client) {
	if begin(t, client, newWatch()) == nil {
		return
	}
	runtime.GC()
	client.Close()
	say("freed", "")
}

func closeClient(t *task, client *ossup.Client) {
	stopped(func(*ossup.Upload) { client.Close() })(t, client)
	upload(t, client)
}
