package main

import (
	"fmt"

	"ossup"
)

// incomplete takes away what nobody completed.
func incomplete(t *task, client *ossup.Client) error {
	reportEnd(nil, abortAll(t.request.BucketName, client))
	return nil
}

func abortAll(bucketName string, client *ossup.Client) error {
	uploads, err := client.ListIncompleteUploads(background, bucketName, "", 0)
	if err != nil {
		return err
	}
	for _, upload := range uploads {
		say("incomplete", upload.Key)
		if err := client.AbortIncompleteUpload(background, bucketName, upload.Key, upload.UploadID); err != nil {
			return err
		}
	}
	uploads, err = client.ListIncompleteUploads(background, bucketName, "", 0)
	if err == nil {
		say("incomplete_left", len(uploads))
	}
	return err
}

// record reads what a record says and deletes it.
func record(t *task, _ *ossup.Client) error {
	record, err := ossup.ReadRecord(t.file)
	if err == nil {
		say("record", fmt.Sprint(record.State, " ", record.BucketName, " ", record.PartsConfirmed, " ", record.PartsTotal, " ", record.Key))
		err = ossup.DeleteRecord(t.file)
	}
	reportEnd(nil, err)
	return nil
}
