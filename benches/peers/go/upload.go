// Uploads by the Go SDK v2: one file in parts, or many small ones.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/transport"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(words []string) error {
	switch {
	case len(words) > 0 && words[0] == "many" && (len(words) == 5 || len(words) == 6):
		return uploadMany(words[1:])
	case len(words) == 7 || len(words) == 8:
		return upload(words)
	default:
		return errors.New("usage: upload ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]\n" +
			"       upload many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]")
	}
}

func upload(words []string) error {
	partSize, err := strconv.ParseInt(words[4], 10, 64)
	if err != nil {
		return err
	}
	taskNum, err := strconv.Atoi(words[5])
	if err != nil {
		return err
	}
	client, err := newClient(words[0], words[7:])
	if err != nil {
		return err
	}
	uploader := client.NewUploader(func(options *oss.UploaderOptions) {
		options.PartSize = partSize
		options.ParallelNum = taskNum
		if words[6] != "-" {
			options.EnableCheckpoint = true
			options.CheckpointDir = words[6]
		}
	})
	request := &oss.PutObjectRequest{Bucket: oss.Ptr(words[1]), Key: oss.Ptr(words[2])}
	_, err = uploader.UploadFile(context.Background(), request, words[3])
	return err
}

func uploadMany(words []string) error {
	files, err := os.ReadDir(words[2])
	if err != nil {
		return err
	}
	taskNum, err := strconv.Atoi(words[3])
	if err != nil {
		return err
	}
	client, err := newClient(words[0], words[4:])
	if err != nil {
		return err
	}
	names := make(chan string)
	failures := make(chan error, taskNum)
	var workers sync.WaitGroup
	for range taskNum {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for name := range names {
				request := &oss.PutObjectRequest{Bucket: oss.Ptr(words[1]), Key: oss.Ptr(name)}
				if _, err := client.PutObjectFromFile(context.Background(), request, filepath.Join(words[2], name)); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	go func() {
		for _, file := range files {
			names <- file.Name()
		}
		close(names)
	}()
	workers.Wait()
	close(failures)
	return <-failures
}

// newClient makes a client; an authority's certificate may follow.
func newClient(endpoint string, authority []string) (*oss.Client, error) {
	config := oss.LoadDefaultConfig().
		WithRegion("cn-hangzhou").
		WithEndpoint(endpoint).
		WithUsePathStyle(true).
		WithCredentialsProvider(credentials.NewEnvironmentVariableCredentialsProvider())
	if len(authority) > 0 {
		pem, err := os.ReadFile(authority[0])
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		config.WithHttpClient(transport.NewHttpClient(&transport.Config{}, func(transport *http.Transport) {
			transport.TLSClientConfig = &tls.Config{RootCAs: roots}
		}))
	}
	return oss.NewClient(config), nil
}
