// Uploads by this module, with the words of the C programs that are measured: one file in parts, or many small ones.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"ossup"
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
		return errors.New("usage: bench ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]\n" +
			"       bench many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]")
	}
}

func newClient(endpoint string, authority []string) (*ossup.Client, error) {
	config := ossup.Config{Endpoint: endpoint, Region: "cn-hangzhou", PathStyle: true}
	if len(authority) > 0 {
		config.CAFile = authority[0]
	}
	return ossup.NewClient(config)
}

func upload(words []string) error {
	request := ossup.Request{BucketName: words[1], Key: words[2], UploadFile: words[3]}
	request.Options = map[string]string{"part_size": words[4], "task_num": words[5]}
	if words[6] != "-" {
		request.EnableCheckpoint, request.CheckpointDir = true, words[6]
	}
	client, err := newClient(words[0], words[7:])
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.Upload(context.Background(), request)
	return err
}

func uploadMany(words []string) error {
	taskNum, err := strconv.Atoi(words[3])
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(words[2])
	if err != nil {
		return err
	}
	client, err := newClient(words[0], words[4:])
	if err != nil {
		return err
	}
	defer client.Close()
	names := make(chan string)
	failures := make(chan error, taskNum)
	var workers sync.WaitGroup
	for range taskNum {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for name := range names {
				request := ossup.Request{BucketName: words[1], Key: name, UploadFile: filepath.Join(words[2], name)}
				if _, err := client.Upload(context.Background(), request); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		select {
		case names <- entry.Name():
		case err := <-failures:
			return err
		}
	}
	close(names)
	workers.Wait()
	close(failures)
	return <-failures
}
