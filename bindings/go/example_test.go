package ossup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"ossup"
)

func Example() {
	client, err := ossup.NewClient(ossup.Config{Region: "cn-hangzhou"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	defer client.Close()

	// Ctrl-C pauses: the same request goes on next time.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := client.Upload(ctx, ossup.Request{
		BucketName:       "my-bucket",
		Key:              "backup/disk.img",
		UploadFile:       "/data/disk.img",
		TaskNum:          ossup.Auto,
		PartSize:         ossup.Auto,
		EnableCheckpoint: true,
		Progress: func(p ossup.Progress) {
			fmt.Printf("\r%d of %d bytes", p.BytesConfirmed, p.BytesTotal)
		},
	})
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Println("paused")
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
	default:
		fmt.Println(result.ETag)
	}
}
