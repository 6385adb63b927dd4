package main

import (
	"errors"
	"io"
	"os"

	"ossup"
)

var errSource = errors.New("source: boom")

// failing is a source that is at its end without having reached it.
type failing struct{}

func (failing) Read([]byte) (int, error) {
	return 0, errSource
}

func memory(t *task, client *ossup.Client) (err error) {
	t.request.UploadMemory, err = os.ReadFile(t.file)
	if err == nil {
		upload(t, client)
	}
	return err
}

func stream(t *task, client *ossup.Client) error {
	return read(t, client, func(file *os.File, _ int64) { t.request.UploadStream = file })
}

func streamSized(t *task, client *ossup.Client) error {
	return read(t, client, func(file *os.File, size int64) {
		t.request.UploadStream, t.request.StreamSize = file, size
	})
}

func streamFailing(t *task, client *ossup.Client) error {
	return read(t, client, func(file *os.File, size int64) {
		t.request.UploadStream = io.MultiReader(io.LimitReader(file, size/2), failing{})
	})
}

// read uploads the file by its bytes.
func read(t *task, client *ossup.Client, source func(file *os.File, size int64)) error {
	file, err := os.Open(t.file)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil {
		source(file, info.Size())
		upload(t, client)
	}
	return err
}
