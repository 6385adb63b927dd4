// Sends its standard input, as in: tar c folder | stream ENDPOINT REGION BUCKET KEY
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"ossup"
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: stream ENDPOINT REGION BUCKET KEY")
	}
	client, err := ossup.NewClient(ossup.Config{Endpoint: os.Args[1], Region: os.Args[2]})
	if err != nil {
		log.Fatal(err)
	}
	err = upload(client, os.Args[3], os.Args[4])
	client.Close()
	if err != nil {
		log.Fatal(err)
	}
}

func upload(client *ossup.Client, bucket, key string) error {
	result, err := client.Upload(context.Background(), ossup.Request{
		BucketName:   bucket,
		Key:          key,
		UploadStream: os.Stdin,
		TaskNum:      4,
	})
	if err != nil {
		return err
	}
	fmt.Println("done:", result.BytesTotal, "bytes")
	return nil
}
