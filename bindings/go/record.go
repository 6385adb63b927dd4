package ossup

// #include <ossup.h>
import "C"

import (
	"fmt"
	"time"
)

// RecordState is what a record says.
type RecordState int32

const (
	RecordBlank      RecordState = C.OSSUP_RECORD_BLANK      // that an upload is about to begin
	RecordUploading  RecordState = C.OSSUP_RECORD_UPLOADING  // how far an upload is
	RecordCompleting RecordState = C.OSSUP_RECORD_COMPLETING // the same; the object was about to be made
	RecordDamaged    RecordState = C.OSSUP_RECORD_DAMAGED    // nothing that can be read: the next upload begins anew
	RecordTooNew     RecordState = C.OSSUP_RECORD_TOO_NEW    // something that only a newer library can read
)

// String is the state's name in C without its prefix, such as "UPLOADING".
func (s RecordState) String() string {
	switch s {
	case RecordBlank:
		return "BLANK"
	case RecordUploading:
		return "UPLOADING"
	case RecordCompleting:
		return "COMPLETING"
	case RecordDamaged:
		return "DAMAGED"
	case RecordTooNew:
		return "TOO_NEW"
	default:
		return fmt.Sprintf("STATE %d", int32(s))
	}
}

// Record is what an upload with a checkpoint keeps, as it was when it was read. What is not said is empty.
type Record struct {
	State           RecordState
	Path            string
	BucketName      string
	Key             string
	UploadID        string // OSS's id of the multipart upload
	PartSize        int64  // in bytes
	PartsTotal      int
	PartsConfirmed  int
	BytesTotal      int64
	BytesConfirmed  int64
	CompletingSince time.Time // the server's time when the object was about to be made; zero before that
}

// ReadRecord reads the record at a path, without disturbing an upload that holds it (ossup_record_read).
//
// Errors: CheckpointForeign when something else is there, CheckpointUnusable when nothing is there or it cannot be read.
func ReadRecord(path string) (*Record, error) {
	var texts texts
	file := texts.path("path", path)
	if texts.refused != nil {
		return nil, texts.refused
	}
	var record *C.ossup_record
	var failure *C.ossup_error
	if err := check(readRecord(file, &record, &failure), &failure); err != nil {
		return nil, err
	}
	defer C.ossup_record_free(record)
	read := recordOf(record)
	return &read, nil
}

// ReadRecords reads all records of a folder whose names end with ".ucp", by name, and passes over what else is there
// (ossup_record_list_read).
//
// Errors: CheckpointUnusable when the folder or a record in it cannot be read.
func ReadRecords(folder string) ([]Record, error) {
	var texts texts
	path := texts.path("folder", folder)
	if texts.refused != nil {
		return nil, texts.refused
	}
	var list *C.ossup_record_list
	var failure *C.ossup_error
	if err := check(readRecords(path, &list, &failure), &failure); err != nil {
		return nil, err
	}
	defer C.ossup_record_list_free(list)
	records := make([]Record, C.ossup_record_list_count(list))
	for place := range records {
		records[place] = recordOf(C.ossup_record_list_get(list, C.size_t(place)))
	}
	return records, nil
}

// DeleteRecord deletes the record at a path, unless an upload holds it (ossup_record_delete). What it speaks of stays on the
// server: read it first, and have Client.AbortIncompleteUpload take that away.
//
// Errors: Busy when an upload holds it, CheckpointForeign when something else is there, which is left as it is,
// CheckpointUnusable when nothing is there or it cannot be deleted.
func DeleteRecord(path string) error {
	var texts texts
	file := texts.path("path", path)
	if texts.refused != nil {
		return texts.refused
	}
	var failure *C.ossup_error
	return check(deleteRecord(file, &failure), &failure)
}

func recordOf(record *C.ossup_record) Record {
	return Record{
		State:           RecordState(C.ossup_record_get_state(record)),
		Path:            goPath(recordPath(record)),
		BucketName:      C.GoString(C.ossup_record_bucket_name(record)),
		Key:             C.GoString(C.ossup_record_key(record)),
		UploadID:        C.GoString(C.ossup_record_upload_id(record)),
		PartSize:        int64(C.ossup_record_part_size(record)),
		PartsTotal:      int(C.ossup_record_parts_total(record)),
		PartsConfirmed:  int(C.ossup_record_parts_confirmed(record)),
		BytesTotal:      int64(C.ossup_record_bytes_total(record)),
		BytesConfirmed:  int64(C.ossup_record_bytes_confirmed(record)),
		CompletingSince: moment(C.ossup_record_completing_since(record)),
	}
}
