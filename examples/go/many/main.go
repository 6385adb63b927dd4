// Uploads all files of a folder. All are started at once; the library has some under way at a time, and one goroutine waits
// for all of them.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"ossup"
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: many ENDPOINT REGION BUCKET FOLDER")
	}
	client, err := ossup.NewClient(ossup.Config{Endpoint: os.Args[1], Region: os.Args[2]})
	if err != nil {
		log.Fatal(err)
	}
	failed, err := uploadAll(client, os.Args[3], os.Args[4])
	client.Close()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(failed, "failed")
}

func uploadAll(client *ossup.Client, bucket, folder string) (failed int, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	ctx := context.Background()
	uploads := map[string]*ossup.Upload{}
	for _, entry := range entries {
		request := ossup.Request{BucketName: bucket, Key: entry.Name(), UploadFile: filepath.Join(folder, entry.Name())}
		uploads[entry.Name()], err = client.Start(ctx, request)
		if err != nil {
			return failed, err
		}
	}
	for name, upload := range uploads {
		if _, err := upload.Wait(ctx); err != nil {
			fmt.Printf("%s: %v\n", name, err)
			failed++
		}
		upload.Close()
	}
	return failed, nil
}
