package ossup

// #include <ossup.h>
import "C"

import (
	"context"
	"time"
)

// IncompleteUpload is a multipart upload that was opened and neither completed nor aborted. Its parts are paid for.
type IncompleteUpload struct {
	Key       string    // of the object that it was to make
	UploadID  string    // OSS's id
	Initiated time.Time // when it was opened, by the server's clock; zero when that is not known
}

// ListIncompleteUploads asks for the incomplete uploads of a bucket, by key: those whose keys begin with a prefix, and that
// were opened at least so long ago, in whole seconds; "" and 0 are all (ossup_client_list_incomplete_uploads). The access key
// needs the permission to list them. When the context is done first, the answer is not waited for.
func (c *Client) ListIncompleteUploads(ctx context.Context, bucketName, prefix string, olderThan time.Duration) ([]IncompleteUpload, error) {
	var texts texts
	bucket, begin := texts.c("bucketName", bucketName), texts.optional("prefix", prefix)
	switch {
	case texts.refused != nil:
		return nil, texts.refused
	case olderThan < 0:
		return nil, invalid("olderThan is negative")
	}
	answer := make(chan []IncompleteUpload, 1)
	err := await(ctx, func() error {
		return c.with(func(native *C.ossup_client) error {
			var list *C.ossup_incomplete_uploads
			var failure *C.ossup_error
			seconds := C.uint64_t(olderThan / time.Second)
			status := C.ossup_client_list_incomplete_uploads(native, bucket, begin, seconds, &list, &failure)
			defer C.ossup_incomplete_uploads_free(list)
			answer <- incompleteOf(list)
			return check(status, &failure)
		})
	})
	if err != nil {
		return nil, err
	}
	return <-answer, nil
}

// AbortIncompleteUpload gives up one incomplete upload: its parts are gone then, and so is what a record or a token says of it
// (ossup_client_abort_incomplete_upload). One that is gone already is no error. Do not do it to an upload that runs. When the
// context is done first, the answer is not waited for.
func (c *Client) AbortIncompleteUpload(ctx context.Context, bucketName, key, uploadID string) error {
	var texts texts
	bucket, object, id := texts.c("bucketName", bucketName), texts.c("key", key), texts.c("uploadID", uploadID)
	if texts.refused != nil {
		return texts.refused
	}
	return await(ctx, func() error {
		return c.with(func(native *C.ossup_client) error {
			var failure *C.ossup_error
			return check(C.ossup_client_abort_incomplete_upload(native, bucket, object, id, &failure), &failure)
		})
	})
}

func incompleteOf(list *C.ossup_incomplete_uploads) []IncompleteUpload {
	uploads := make([]IncompleteUpload, C.ossup_incomplete_uploads_count(list))
	for place := range uploads {
		index := C.size_t(place)
		uploads[place] = IncompleteUpload{
			Key:       C.GoString(C.ossup_incomplete_uploads_key(list, index)),
			UploadID:  C.GoString(C.ossup_incomplete_uploads_upload_id(list, index)),
			Initiated: moment(C.ossup_incomplete_uploads_initiated(list, index)),
		}
	}
	return uploads
}

// moment is zero for a second that is not known.
func moment(seconds C.int64_t) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}
