// Has credentials from a file that somebody else keeps fresh, and from the instance's role where there is no such file.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"ossup"
)

func main() {
	if len(os.Args) != 7 {
		log.Fatal("usage: credentials ENDPOINT REGION BUCKET KEY FILE CREDENTIALS_FILE")
	}
	client, err := newClient(os.Args[1], os.Args[2], os.Args[6])
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	request := ossup.Request{BucketName: os.Args[3], Key: os.Args[4], UploadFile: os.Args[5]}
	if _, err := client.Upload(context.Background(), request); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("done")
}

func newClient(endpoint, region, file string) (*ossup.Client, error) {
	// Asked before the first request, shortly before the end of what it gave, and when OSS refuses that.
	fromFile := ossup.CredentialsFunc(func(context.Context) (ossup.Credentials, error) {
		var credentials ossup.Credentials
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &credentials)
		}
		return credentials, err
	})
	return ossup.NewClient(ossup.Config{
		Endpoint:    endpoint,
		Region:      region,
		Credentials: ossup.CredentialsChain{fromFile, ossup.ECSRole{}},
	})
}
