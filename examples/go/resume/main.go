// Goes on elsewhere: at Ctrl-C a line of text is written to a file, with which the same command, here or on another machine
// that has the file, sends the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/signal"

	"ossup"
)

func main() {
	if len(os.Args) != 7 {
		log.Fatal("usage: resume ENDPOINT REGION BUCKET KEY FILE TOKEN_FILE")
	}
	client, err := ossup.NewClient(ossup.Config{Endpoint: os.Args[1], Region: os.Args[2]})
	if err != nil {
		log.Fatal(err)
	}
	err = upload(client, os.Args[3], os.Args[4], os.Args[5], os.Args[6])
	client.Close()
	if err != nil {
		log.Fatal(err)
	}
}

func upload(client *ossup.Client, bucket, key, file, tokenFile string) error {
	token, err := os.ReadFile(tokenFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := client.Upload(ctx, ossup.Request{
		BucketName:      bucket,
		Key:             key,
		UploadFile:      file,
		ResumeToken:     string(token), // empty the first time
		WantResumeToken: true,
		Progress:        func(now ossup.Progress) { fmt.Println(now.PartsConfirmed, "parts") },
	})
	switch {
	case err == nil:
		fmt.Println("done,", result.PartsReused, "parts were there")
		return nil
	case result != nil && result.ResumeToken != "":
		fmt.Println("stopped:", err)
		return os.WriteFile(tokenFile, []byte(result.ResumeToken), 0o600)
	default:
		return err
	}
}
