package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"ossup"
)

var background = context.Background()

var acts = map[string]func(*task) error{
	"upload":            upload,
	"pause":             func(t *task) error { return stop(t, (*ossup.Upload).Pause) },
	"abort":             func(t *task) error { return stop(t, (*ossup.Upload).Abort) },
	"export":            export,
	"pause_in_progress": pauseInProgress,
	"listener_fails":    listenerFails,
	"free_early":        freeEarly,
	"close_client":      closeClient,
	"twice":             twice,
	"together":          together,
	"memory":            memory,
	"stream":            func(t *task) error { return stream(t, func(int64) int64 { return 0 }, whole) },
	"stream_sized":      func(t *task) error { return stream(t, func(size int64) int64 { return size }, whole) },
	"stream_failing":    func(t *task) error { return stream(t, func(int64) int64 { return 0 }, half) },
	"log":               logged,
}

// blocking uploads by the blocking call, with a listener.
func (t *task) blocking(client *ossup.Client) error {
	watch := newWatch()
	t.request.Progress = watch.tell
	result, err := client.Upload(background, t.request)
	reportEnd(result, err)
	watch.report()
	return nil
}

// begun has an upload of the file begin, and waits until a part of it is done, or all is over.
func (t *task) begun(client *ossup.Client) (*ossup.Upload, *watch, error) {
	watch := newWatch()
	t.request.UploadFile = t.file
	t.request.Progress = watch.tell
	upload, err := client.Start(background, t.request)
	if err != nil {
		return nil, nil, err
	}
	select {
	case <-watch.begun:
	case <-upload.Done():
	}
	return upload, watch, nil
}

func finish(upload *ossup.Upload, watch *watch) {
	reportEnd(upload.Wait(background))
	watch.report()
}

func upload(t *task) error {
	t.request.UploadFile = t.file
	return t.withClient(t.blocking)
}

func stop(t *task, how func(*ossup.Upload)) error {
	return t.withClient(func(client *ossup.Client) error {
		upload, watch, err := t.begun(client)
		if err != nil {
			reportEnd(nil, err)
			return nil
		}
		defer upload.Close()
		how(upload)
		finish(upload, watch)
		return nil
	})
}

func export(t *task) error {
	return t.withClient(func(client *ossup.Client) error {
		upload, watch, err := t.begun(client)
		if err != nil {
			reportEnd(nil, err)
			return nil
		}
		defer upload.Close()
		upload.Pause()
		finish(upload, watch)
		token, err := upload.ResumeToken()
		sayText("resume_token", token)
		return err
	})
}

func pauseInProgress(t *task) error {
	return t.withClient(func(client *ossup.Client) error {
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		watch := newWatch()
		t.request.UploadFile = t.file
		t.request.Progress = func(progress ossup.Progress) {
			watch.tell(progress)
			if progress.BytesConfirmed > 0 {
				cancel()
			}
		}
		result, err := client.Upload(ctx, t.request)
		reportEnd(result, err)
		watch.report()
		return nil
	})
}

func listenerFails(t *task) error {
	return t.withClient(func(client *ossup.Client) error {
		t.request.UploadFile = t.file
		t.request.Progress = func(ossup.Progress) { panic("listener: boom") }
		reportEnd(client.Upload(background, t.request))
		return nil
	})
}

// Nobody holds the upload any more when the collector has come.
func freeEarly(t *task) error {
	return t.withClient(func(client *ossup.Client) error {
		if _, _, err := t.begun(client); err != nil {
			reportEnd(nil, err)
			return nil
		}
		runtime.GC()
		if err := client.Close(); err != nil {
			return err
		}
		fmt.Println("freed")
		return nil
	})
}

func closeClient(t *task) error {
	return t.withClient(func(client *ossup.Client) error {
		upload, watch, err := t.begun(client)
		if err != nil {
			reportEnd(nil, err)
			return nil
		}
		if err := client.Close(); err != nil {
			return err
		}
		finish(upload, watch)
		reportEnd(client.Upload(background, t.request))
		return nil
	})
}

func twice(t *task) error {
	return many(t, func(int) string { return t.request.Key }, 2)
}

func together(t *task) error {
	return many(t, func(number int) string { return fmt.Sprintf("%s-%d", t.request.Key, number) }, t.count)
}

func many(t *task, key func(number int) string, count int) error {
	return t.withClient(func(client *ossup.Client) error {
		var reports sync.Mutex
		var uploads sync.WaitGroup
		for number := range count {
			request := t.request
			request.UploadFile = t.file
			request.Key = key(number)
			uploads.Add(1)
			go func() {
				defer uploads.Done()
				result, err := client.Upload(background, request)
				reports.Lock()
				defer reports.Unlock()
				reportEnd(result, err)
			}()
		}
		uploads.Wait()
		return nil
	})
}

func memory(t *task) (err error) {
	t.request.UploadMemory, err = os.ReadFile(t.file)
	if err != nil {
		return err
	}
	return t.withClient(t.blocking)
}

func whole(file *os.File, _ int64) io.Reader {
	return file
}

func half(file *os.File, size int64) io.Reader {
	return io.MultiReader(io.LimitReader(file, size/2), failing{})
}

type failing struct{}

func (failing) Read([]byte) (int, error) {
	return 0, errors.New("the source failed")
}

func stream(t *task, told func(size int64) int64, reader func(*os.File, int64) io.Reader) error {
	file, err := os.Open(t.file)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	t.request.UploadStream = reader(file, info.Size())
	t.request.StreamSize = told(info.Size())
	return t.withClient(t.blocking)
}

func logged(t *task) error {
	log := &log{secret: t.key.AccessKeySecret}
	t.config.Logger = log.logger()
	err := upload(t)
	say("log_lines", log.lines)
	say("log_secret", log.secretly)
	return err
}
