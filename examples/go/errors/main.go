// Says what went wrong and what can be done about it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"

	"ossup"
)

func main() {
	if len(os.Args) != 6 {
		log.Fatal("usage: errors ENDPOINT REGION BUCKET KEY FILE")
	}
	client, err := ossup.NewClient(ossup.Config{Endpoint: os.Args[1], Region: os.Args[2]})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	request := ossup.Request{BucketName: os.Args[3], Key: os.Args[4], UploadFile: os.Args[5]}
	_, err = client.Upload(context.Background(), request)
	fmt.Println(advice(err))
}

func advice(err error) string {
	var failure *ossup.Error
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, ossup.AccessDenied), errors.Is(err, ossup.NoCredentials):
		return "look at the access key: " + err.Error()
	case errors.As(err, &failure) && failure.Temporary():
		return "try again later: " + err.Error()
	case errors.As(err, &failure) && failure.RequestID != "":
		return fmt.Sprintf("ask OSS about request %s: %v, %s", failure.RequestID, failure.Status, failure.OSSCode)
	default:
		return err.Error()
	}
}
