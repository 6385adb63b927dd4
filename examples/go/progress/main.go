// Uploads a file, shows how far it is, and pauses at Ctrl-C. The same command goes on.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"

	"ossup"
)

func main() {
	if len(os.Args) != 6 {
		log.Fatal("usage: progress ENDPOINT REGION BUCKET KEY FILE")
	}
	client, err := ossup.NewClient(ossup.Config{Endpoint: os.Args[1], Region: os.Args[2]})
	if err != nil {
		log.Fatal(err)
	}
	err = upload(client, os.Args[3], os.Args[4], os.Args[5])
	client.Close()
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Println("paused")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println("done")
	}
}

func upload(client *ossup.Client, bucket, key, file string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	_, err := client.Upload(ctx, ossup.Request{
		BucketName:       bucket,
		Key:              key,
		UploadFile:       file,
		EnableCheckpoint: true,
		Progress: func(now ossup.Progress) {
			// 100 % is kept for the object being there.
			fmt.Printf("%d of %d bytes, %v\n", now.BytesConfirmed, now.BytesTotal, now.Phase)
		},
	})
	return err
}
