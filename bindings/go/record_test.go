package ossup

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRecordsAreReadAndDeleted(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	folder := makeFolder(t)
	upload := startHanging(t, server, client, Request{EnableCheckpoint: true, CheckpointDir: folder})
	records := must(ReadRecords(folder))(t)
	equal(t, len(records), 1)
	record := records[0]
	failure(t, DeleteRecord(record.Path), Busy)
	succeed(t, upload.Close())
	result, err := upload.Wait(background)
	failure(t, err, Paused)
	equal(t, result.CheckpointFile, record.Path)

	record = *must(ReadRecord(record.Path))(t)
	equal(t, record, Record{
		State: RecordUploading, Path: record.Path, BucketName: bucketName, Key: "object", UploadID: result.UploadID,
		PartSize: partSize, PartsTotal: 4, PartsConfirmed: 1, BytesTotal: 4 * partSize, BytesConfirmed: partSize,
	})
	equal(t, record.State.String(), "UPLOADING")
	succeed(t, DeleteRecord(record.Path))
	failure(t, DeleteRecord(record.Path), CheckpointUnusable)
	equal(t, len(must(ReadRecords(folder))(t)), 0)
}

func TestWhatIsNoRecordIsLeftAlone(t *testing.T) {
	path := filepath.Join(makeFolder(t), "other.ucp")
	succeed(t, os.WriteFile(path, []byte("something else"), 0o600))
	_, err := ReadRecord(path)
	failure(t, err, CheckpointForeign)
	failure(t, DeleteRecord(path), CheckpointForeign)
	_, err = ReadRecords(path)
	failure(t, err, CheckpointUnusable)
	for _, refuse := range []func(string) error{
		func(path string) error { _, err := ReadRecord(path); return err },
		func(path string) error { _, err := ReadRecords(path); return err },
		DeleteRecord,
	} {
		failure(t, refuse("a\x00b"), InvalidArgument)
	}
}

func TestIncompleteUploadsAreListedAndAborted(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	began := time.Now().Truncate(time.Second)
	upload := startHanging(t, server, client, Request{EnableCheckpoint: true, CheckpointDir: makeFolder(t)})
	succeed(t, upload.Close())
	found := must(client.ListIncompleteUploads(background, bucketName, "ob", 0))(t)
	equal(t, len(found), 1)
	equal(t, found[0].Key, "object")
	equal(t, found[0].Initiated.Before(began), false)
	for _, none := range [][]IncompleteUpload{
		must(client.ListIncompleteUploads(background, bucketName, "another", 0))(t),
		must(client.ListIncompleteUploads(background, bucketName, "", time.Hour))(t),
	} {
		equal(t, len(none), 0)
	}
	succeed(t, client.AbortIncompleteUpload(background, bucketName, found[0].Key, found[0].UploadID))
	equal(t, server.uploads(), "[]")

	_, err := client.ListIncompleteUploads(background, "Bucket", "", 0)
	failure(t, err, InvalidArgument)
	_, err = client.ListIncompleteUploads(background, bucketName, "", -time.Second)
	failure(t, err, InvalidArgument)
	failure(t, client.AbortIncompleteUpload(background, bucketName, "a\x00b", "id"), InvalidArgument)
}

func TestAnAnswerThatNobodyWaitsForIsNotWaitedFor(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{MaxAttempts: 1})
	server.ask("POST", "/-/faults", nil, `{"when":{"operation":"ListMultipartUploads"},"then":{"kind":"hang"}}`)
	ctx, cancel := context.WithTimeout(background, time.Millisecond)
	defer cancel()
	_, err := client.ListIncompleteUploads(ctx, bucketName, "", 0)
	equal(t, err, context.DeadlineExceeded)
	// The client's end waits for it, though.
	server.stop()
}
