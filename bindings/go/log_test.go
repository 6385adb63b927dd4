package ossup

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// handler keeps or does what a function of the test's does with the lines.
type handler struct {
	least slog.Level
	tell  func(record slog.Record)
}

func (h handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.least }
func (h handler) WithAttrs([]slog.Attr) slog.Handler               { return h }
func (h handler) WithGroup(string) slog.Handler                    { return h }
func (h handler) Handle(_ context.Context, record slog.Record) error {
	h.tell(record)
	return nil
}

func logger(least slog.Level, tell func(record slog.Record)) *slog.Logger {
	return slog.New(handler{least, tell})
}

func TestTheLogTellsWhatHappensAndNoSecret(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	var lines []slog.Record
	client := server.client(Config{
		Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "sk-not-to-be-told"},
		Logger:      logger(LevelTrace, func(record slog.Record) { lines = append(lines, record) }),
	})
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	failure(t, err, AccessDenied)
	succeed(t, client.Close())
	has := func(level slog.Level, text string) bool {
		return slices.ContainsFunc(lines, func(line slog.Record) bool {
			return line.Level == level && strings.Contains(line.Message, text)
		})
	}
	equal(t, [2]bool{has(slog.LevelError, "SignatureDoesNotMatch"), has(slog.LevelInfo, "upload ")}, [2]bool{true, true})
	equal(t, has(slog.LevelDebug, "attempt"), true)
	for _, line := range lines {
		equal(t, strings.Contains(line.Message, "not-to-be-told"), false)
	}
}

func TestTheLoggerSaysHowMuchIsTold(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	least := func(config Config, level slog.Level) slog.Level {
		found := slog.Level(100)
		config.Logger = logger(level, func(record slog.Record) { found = min(found, record.Level) })
		config.Credentials = Credentials{AccessKeyID: "ak", AccessKeySecret: "wrong"}
		client := server.client(config)
		_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
		failure(t, err, AccessDenied)
		succeed(t, client.Close())
		return found
	}
	equal(t, least(Config{}, slog.LevelInfo), slog.LevelInfo)
	equal(t, least(Config{}, slog.LevelError), slog.LevelError)
	equal(t, least(Config{}, slog.LevelError+1), slog.Level(100))
	equal(t, least(Config{LogLevel: slog.LevelDebug}, LevelTrace), slog.LevelDebug)
}

func TestALogThatHangsHoldsUpNoUpload(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	resume := make(chan bool)
	client := server.client(Config{Logger: logger(LevelTrace, func(slog.Record) { <-resume })})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	close(resume)
}

func TestAPanicInTheLogIsTold(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{Logger: logger(LevelTrace, func(slog.Record) { panic(fs.ErrClosed) })})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	equal(t, errors.Is(client.Close(), fs.ErrClosed), true)
}

func TestALogThatEndsItsGoroutineHoldsUpNothing(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{Logger: logger(LevelTrace, func(slog.Record) { runtime.Goexit() })})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	succeed(t, client.Close())
}
