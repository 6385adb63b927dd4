package ossup

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

type line struct {
	level   LogLevel
	message string
}

func TestTheLogTellsWhatHappensAndNoSecret(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	var lines []line
	client := server.client(Config{
		Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "sk-not-to-be-told"},
		Log:         func(level LogLevel, message string) { lines = append(lines, line{level, message}) },
		LogLevel:    LogTrace,
	})
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	failure(t, err, AccessDenied)
	succeed(t, client.Close())
	has := func(level LogLevel, text string) bool {
		return slices.ContainsFunc(lines, func(line line) bool {
			return line.level == level && strings.Contains(line.message, text)
		})
	}
	equal(t, [2]bool{has(LogError, "SignatureDoesNotMatch"), has(LogInfo, "upload ")}, [2]bool{true, true})
	for _, line := range lines {
		equal(t, strings.Contains(line.message, "not-to-be-told"), false)
	}
}

func TestALogThatHangsHoldsUpNoUpload(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	resume := make(chan bool)
	client := server.client(Config{Log: func(LogLevel, string) { <-resume }})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	close(resume)
}

func TestAPanicInTheLogIsTold(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{Log: func(LogLevel, string) { panic(fs.ErrClosed) }})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	equal(t, errors.Is(client.Close(), fs.ErrClosed), true)
}
