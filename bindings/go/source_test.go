package ossup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestUploadsMemory(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	_, content := makeFile(t, "file.bin", 5*partSize+1)
	for _, each := range [][]byte{content, content[:1000], {}} {
		request := Request{BucketName: bucketName, Key: "object", UploadMemory: each, TaskNum: 3}
		result := must(client.Upload(background, request))(t)
		equal(t, result.BytesTotal, int64(len(each)))
		equal(t, string(server.object("object")), string(each))
	}
}

// The collector moves no memory, but it frees what nobody refers to: that of the request is nobody's but the upload's.
func TestMemoryStaysForAsLongAsTheUpload(t *testing.T) {
	server := startStandIn(t)
	_, expected := makeFile(t, "file.bin", 20*partSize)
	start := func() *Upload {
		request := Request{BucketName: bucketName, Key: "object", UploadMemory: bytes.Clone(expected)}
		return must(server.client(Config{}).Start(background, request))(t)
	}
	upload := start()
	for !isOver(upload) {
		runtime.GC()
	}
	must(upload.Wait(background))(t)
	equal(t, bytes.Equal(server.object("object"), expected), true)
}

func TestMemoryIsLetGoOfWhereNothingBegins(t *testing.T) {
	server := startStandIn(t)
	_, err := server.client(Config{}).Upload(background, Request{Key: "object", UploadMemory: make([]byte, 1000)})
	failure(t, err, InvalidArgument)
}

func TestUploadsStreams(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	_, content := makeFile(t, "file.bin", 5*partSize+1)
	for name, stream := range map[string]io.Reader{
		"whole":           bytes.NewReader(content),
		"byte by byte":    iotest.OneByteReader(bytes.NewReader(content[:3000])),
		"end with data":   iotest.DataErrReader(bytes.NewReader(content)),
		"nothing at all":  strings.NewReader(""),
		"nothing at once": &hesitant{Reader: bytes.NewReader(content)},
	} {
		expected := content
		switch name {
		case "byte by byte":
			expected = content[:3000]
		case "nothing at all":
			expected = nil
		}
		request := Request{BucketName: bucketName, Key: "object", UploadStream: stream, PartSize: partSize}
		result, err := client.Upload(background, request)
		if err != nil {
			t.Fatal(name, err)
		}
		equal(t, result.BytesTotal, int64(len(expected)))
		equal(t, bytes.Equal(server.object("object"), expected), true)
	}
}

// hesitant reads nothing every other time.
type hesitant struct {
	io.Reader
	willing bool
}

func (h *hesitant) Read(into []byte) (int, error) {
	h.willing = !h.willing
	if !h.willing {
		return 0, nil
	}
	return h.Reader.Read(into)
}

// With an hour between two tellings of progress, room is all that has it go on.
func TestAStreamThatIsFullGoesOnWhenThereIsRoom(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{ProgressInterval: time.Hour})
	_, content := makeFile(t, "file.bin", 40*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadStream: bytes.NewReader(content), PartSize: partSize}
	must(client.Upload(background, request))(t)
	equal(t, bytes.Equal(server.object("object"), content), true)
}

func TestAStreamOfAKnownSizeGoesOn(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	_, content := makeFile(t, "file.bin", 4*partSize)
	request := Request{StreamSize: int64(len(content)), EnableCheckpoint: true, CheckpointDir: makeFolder(t)}
	request.UploadStream = bytes.NewReader(content)
	upload := startHanging(t, server, client, request)
	succeed(t, upload.Close())

	server.clearFaults()
	request.BucketName, request.Key = bucketName, "object"
	request.UploadStream = bytes.NewReader(content)
	result := must(client.Upload(background, request))(t)
	equal(t, [2]any{result.Resumed, result.PartsReused}, [2]any{true, 1})
	equal(t, bytes.Equal(server.object("object"), content), true)
}

func TestAStreamHasTheSizeThatWasTold(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	for _, size := range []int{1000, 3000} {
		stream := bytes.NewReader(make([]byte, size))
		_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadStream: stream, StreamSize: 2000})
		failure(t, err, InvalidArgument)
	}
	equal(t, server.count("PutObject"), 0)
}

func TestWhatAReaderSaysIsTheCause(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	for name, fail := range map[string]func([]byte) (int, error){
		"an error":          func([]byte) (int, error) { return 0, fs.ErrPermission },
		"an error and data": func(into []byte) (int, error) { return len(into), fs.ErrPermission },
		"a panic":           func([]byte) (int, error) { panic(fs.ErrPermission) },
	} {
		for size, status := range map[int64]Status{0: Aborted, 100 * partSize: Paused} {
			stream := io.MultiReader(bytes.NewReader(make([]byte, 3*partSize)), reader(fail))
			request := Request{BucketName: bucketName, Key: "object", UploadStream: stream, StreamSize: size, PartSize: partSize}
			_, err := client.Upload(background, request)
			failure(t, err, status)
			if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "permission denied") {
				t.Fatal(name, err)
			}
		}
	}
	succeed(t, client.Close())
	equal(t, server.uploads(), "[]")
}

// An end that is wrapped is none, as everywhere in io: half of a stream would pass for all of it.
func TestAReaderThatBreaksOffIsNotAtItsEnd(t *testing.T) {
	server := startStandIn(t)
	brokenOff := fmt.Errorf("the connection is lost: %w", io.EOF)
	stream := io.MultiReader(bytes.NewReader(make([]byte, 3*partSize)), reader(func([]byte) (int, error) { return 0, brokenOff }))
	_, err := server.client(Config{}).Upload(background, Request{BucketName: bucketName, Key: "object", UploadStream: stream})
	failure(t, err, Aborted)
	equal(t, errors.Is(err, brokenOff), true)
}

type reader func([]byte) (int, error)

func (r reader) Read(into []byte) (int, error) {
	return r(into)
}

func TestAReaderThatEndsItsGoroutineStopsTheUpload(t *testing.T) {
	server := startStandIn(t)
	stream := reader(func([]byte) (int, error) {
		runtime.Goexit()
		return 0, nil
	})
	_, err := server.client(Config{}).Upload(background, Request{BucketName: bucketName, Key: "object", UploadStream: stream})
	failure(t, err, Aborted)
	var panicked *PanicError
	equal(t, errors.As(err, &panicked), true)
	equal(t, panicked.Function, "Read")
}

func TestAReaderThatNeverReadsStopsTheUpload(t *testing.T) {
	server := startStandIn(t)
	stream := reader(func([]byte) (int, error) { return 0, nil })
	_, err := server.client(Config{}).Upload(background, Request{BucketName: bucketName, Key: "object", UploadStream: stream})
	equal(t, errors.Is(err, io.ErrNoProgress), true)
}

func TestAReaderThatHangsHoldsUpNoPause(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	from, to := io.Pipe()
	upload := must(client.Start(background, Request{BucketName: bucketName, Key: "object", UploadStream: from}))(t)
	must(to.Write([]byte("begun")))(t)
	succeed(t, upload.Close())
	_, err := upload.Wait(background)
	failure(t, err, Paused)
	succeed(t, to.Close())
}

func TestARequestHasOneSource(t *testing.T) {
	client := startStandIn(t).client(Config{})
	for words, request := range map[string]Request{
		"one of":               {UploadFile: "/file", UploadMemory: []byte{1}},
		"UploadMemory and":     {UploadMemory: []byte{}, UploadStream: strings.NewReader("")},
		"negative":             {UploadStream: strings.NewReader(""), StreamSize: -1},
		"that of UploadStream": {UploadFile: "/file", StreamSize: 1},
		"UploadFile":           {},
	} {
		request.BucketName, request.Key = bucketName, "object"
		_, err := client.Upload(background, request)
		if message := failure(t, err, InvalidArgument).Message; !strings.Contains(message, words) {
			t.Fatal(words, message)
		}
	}
}
