// Uploads a file and waits for it. Run again after a crash, it goes on where it stopped.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"ossup"
)

func main() {
	if len(os.Args) != 6 {
		log.Fatal("usage: upload ENDPOINT REGION BUCKET KEY FILE")
	}
	if err := upload(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
		log.Fatal(err)
	}
}

func upload(endpoint, region, bucket, key, file string) error {
	client, err := ossup.NewClient(ossup.Config{Endpoint: endpoint, Region: region})
	if err != nil {
		return err
	}
	defer client.Close()
	result, err := client.Upload(context.Background(), ossup.Request{
		BucketName:       bucket,
		Key:              key,
		UploadFile:       file,
		TaskNum:          4,          // parts at a time
		PartSize:         ossup.Auto, // chosen for the file
		EnableCheckpoint: true,       // the same call goes on after a crash
	})
	if err != nil {
		return err
	}
	fmt.Println("done:", result.ETag)
	return nil
}
