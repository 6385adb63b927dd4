package ossup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const partSize = 102400

var background = context.Background()

func TestUploadsAFile(t *testing.T) {
	server := startStandIn(t)
	path, bytes := makeFile(t, "file.bin", 5*partSize+1)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, TaskNum: 3}
	result := must(server.client(Config{}).Upload(background, request))(t)
	equal(t, server.object("object"), bytes)
	equal(t, result.Status, OK)
	equal(t, [3]int{result.PartsTotal, result.PartsSent, result.PartsReused}, [3]int{6, 6, 0})
	equal(t, [3]int64{result.BytesTotal, result.BytesSent, result.BytesReused}, [3]int64{5*partSize + 1, 5*partSize + 1, 0})
	equal(t, [3]string{result.Reason, result.Warning, result.CheckpointFile}, [3]string{})
	if result.ETag == "" || result.CRC64 == 0 || result.RequestID == "" || result.UploadID == "" {
		t.Fatalf("%+v", result)
	}
}

func TestUploadsUnderNamesOfAnyScript(t *testing.T) {
	server := startStandIn(t)
	path, bytes := makeFile(t, "测试 文件🎉.bin", 1000)
	request := Request{BucketName: bucketName, Key: "目录/文件🎉.bin", UploadFile: path}
	must(server.client(Config{}).Upload(background, request))(t)
	equal(t, server.object("目录/文件🎉.bin"), bytes)
}

func TestTellsProgressToTheEnd(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 4*partSize)
	var told []Progress
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	request.Progress = func(progress Progress) { told = append(told, progress) }
	must(server.client(Config{ProgressInterval: 1e6}).Upload(background, request))(t)
	for at := 1; at < len(told); at++ {
		if told[at].BytesConfirmed < told[at-1].BytesConfirmed || told[at].Phase < told[at-1].Phase {
			t.Fatalf("%+v after %+v", told[at], told[at-1])
		}
		if told[at] == told[at-1] {
			t.Fatalf("%+v twice", told[at])
		}
	}
	equal(t, told[len(told)-1], Progress{
		Phase: Done, PartsTotal: 4, PartsConfirmed: 4, BytesTotal: 4 * partSize, BytesConfirmed: 4 * partSize,
	})
}

func TestGoesOnAfterAPause(t *testing.T) {
	server := startStandIn(t)
	server.hang(3)
	path, bytes := makeFile(t, "file.bin", 10*partSize)
	client := server.client(Config{ProgressInterval: 1e6})
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, EnableCheckpoint: true}

	ctx, cancel := context.WithCancel(background)
	request.Progress = func(progress Progress) {
		if progress.PartsConfirmed == 3 {
			cancel()
		}
	}
	result, err := client.Upload(ctx, request)
	failure(t, err, Paused)
	equal(t, errors.Is(err, context.Canceled), true)
	equal(t, [3]any{result.Status, result.Resumable, result.PartsSent}, [3]any{Paused, true, 3})

	server.clearFaults()
	request.Progress = nil
	result = must(client.Upload(background, request))(t)
	equal(t, server.object("object"), bytes)
	equal(t, [3]any{result.Resumed, result.PartsReused, result.PartsSent}, [3]any{true, 3, 7})
	equal(t, server.count("InitiateMultipartUpload"), 1)
}

func TestAnAbortLeavesNothing(t *testing.T) {
	server := startStandIn(t)
	server.hang(1)
	path, _ := makeFile(t, "file.bin", 10*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, EnableCheckpoint: true}

	ctx, cancel := context.WithCancelCause(background)
	request.Progress = func(progress Progress) {
		if progress.PartsConfirmed >= 1 {
			cancel(Aborted)
		}
	}
	result, err := server.client(Config{ProgressInterval: 1e6}).Upload(ctx, request)
	failure(t, err, Aborted)
	equal(t, errors.Is(err, context.Canceled), true)
	equal(t, result.Resumable, false)
	equal(t, server.uploads(), "[]")
	_, err = os.Stat(path + ".ucp")
	equal(t, errors.Is(err, fs.ErrNotExist), true)
}

func TestAListenerThatFailsTooLateIsTold(t *testing.T) {
	server := startStandIn(t)
	path, bytes := makeFile(t, "file.bin", 1000)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	request.Progress = func(progress Progress) {
		if progress.Phase == Done {
			panic("too late")
		}
	}
	result, err := server.client(Config{}).Upload(background, request)
	equal(t, err.Error(), "Progress panicked: too late")
	equal(t, result.Status, OK)
	equal(t, server.object("object"), bytes)
}

func TestNamesWhatIsWrongWithTheCredentials(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 2*partSize)
	client := server.client(Config{Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "wrong"}})
	result, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	found := failure(t, err, AccessDenied)
	equal(t, [2]string{found.Operation, found.OSSCode}, [2]string{"InitiateMultipartUpload", "SignatureDoesNotMatch"})
	equal(t, [3]int{found.HTTPStatus, found.Attempts, found.PartNumber}, [3]int{403, 1, 0})
	equal(t, [2]bool{found.Temporary(), found.RequestID != ""}, [2]bool{false, true})
	equal(t, found.Host, strings.TrimPrefix(server.Endpoint, "http://"))
	equal(t, result.Status, AccessDenied)
}

func TestNamesWhatIsWrongWithTheFile(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	path := filepath.Join(makeFolder(t), "nowhere.bin")
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	found := failure(t, err, SourceUnreadable)
	equal(t, found.Errno, syscall.ENOENT)
	equal(t, errors.Is(err, fs.ErrNotExist), true)
	equal(t, strings.Contains(err.Error(), path), true)
}

func TestRefusesTextThatCWouldNotSeeToItsEnd(t *testing.T) {
	server := startStandIn(t)
	_, err := server.client(Config{}).Upload(background, Request{BucketName: bucketName, Key: "a\x00b", UploadFile: "/file"})
	equal(t, failure(t, err, InvalidArgument).Message, "key has a NUL in it")
	_, err = NewClient(Config{Endpoint: "127.0.0.1\x00.aliyuncs.com"})
	equal(t, failure(t, err, InvalidArgument).Message, "endpoint has a NUL in it")
}

func TestRefusesWhatTheLibraryDoesNotKnow(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{Options: map[string]string{"idle_timeout_ms": "1000"}})
	options := map[string]string{"part_sise": "1"}
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: "/file", Options: options})
	equal(t, strings.Contains(failure(t, err, InvalidArgument).Message, "part_sise"), true)
}

func TestStatusesAreTheHeaders(t *testing.T) {
	header := string(must(os.ReadFile("../../include/ossup.h"))(t))
	_, statuses, _ := strings.Cut(header, "\nenum ossup_status")
	statuses, _, _ = strings.Cut(statuses, "\n};")
	ours := string(must(os.ReadFile("status.go"))(t))
	found := regexp.MustCompile(`(OSSUP_\w+) = \d+,`).FindAllStringSubmatch(statuses, -1)
	for _, status := range found {
		if !strings.Contains(ours, " = C."+status[1]+"\n") {
			t.Fatal(status[1], "is not there")
		}
	}
	equal(t, len(found) > 30, true)
}

func TestALibraryOfAnotherInterfaceIsRefused(t *testing.T) {
	succeed(t, compare(1, 1))
	equal(t, compare(2, 1).Error(), "ossup: the library has binary interface 2, this package needs 1")
}

// What the system has for a name is one, also where it is no text.
func TestPathsAreTheSystems(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	path := filepath.Join(makeFolder(t), "half \xed\xa0\xbd")
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	equal(t, failure(t, err, SourceUnreadable).Errno, syscall.ENOENT)
	failure(t, DeleteRecord(path), CheckpointUnusable)
	_, err = ReadRecord(path)
	failure(t, err, CheckpointUnusable)
	_, err = ReadRecords(path)
	failure(t, err, CheckpointUnusable)
	_, err = NewClient(Config{Endpoint: "https://127.0.0.1", Region: "cn-hangzhou", CAFile: path})
	equal(t, failure(t, err, InvalidArgument).Errno, syscall.ENOENT)
}
