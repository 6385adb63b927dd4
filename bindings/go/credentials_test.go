package ossup

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRenewsCredentials(t *testing.T) {
	ended := "1000000000"
	server := startStandIn(t, "--access-key", "old:secret:token:"+ended, "--access-key", "new:secret:token")
	path, bytes := makeFile(t, "file.bin", 2*partSize)
	var asked atomic.Int32
	client := server.client(Config{Credentials: CredentialsFunc(func(context.Context) (Credentials, error) {
		if asked.Add(1) == 1 {
			return Credentials{AccessKeyID: "old", AccessKeySecret: "secret", SecurityToken: "token"}, nil
		}
		return Credentials{"new", "secret", "token", time.Now().Add(time.Hour)}, nil
	})})
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	must(client.Upload(background, request))(t)
	equal(t, asked.Load(), 2)
	must(client.Upload(background, request))(t)
	equal(t, asked.Load(), 2)
	equal(t, server.object("object"), bytes)
}

func TestAProviderThatHangsHoldsUpNoEvent(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	asked, answer := make(chan bool), make(chan bool)
	client := server.client(Config{Credentials: CredentialsFunc(func(context.Context) (Credentials, error) {
		asked <- true
		<-answer
		return Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}, nil
	})})
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	ctx, cancel := context.WithCancel(background)
	go func() {
		<-asked
		cancel()
	}()
	_, err := client.Upload(ctx, request)
	failure(t, err, Paused)
	close(answer)
	must(client.Upload(background, request))(t)
}

func TestWhatAProviderSaysIsTheCause(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	for _, provider := range []CredentialsFunc{
		func(context.Context) (Credentials, error) { return Credentials{}, fs.ErrPermission },
		func(context.Context) (Credentials, error) { panic(fs.ErrPermission) },
	} {
		_, err := server.client(Config{Credentials: provider}).Upload(background, request)
		failure(t, err, NoCredentials)
		equal(t, errors.Is(err, fs.ErrPermission), true)
		equal(t, strings.Contains(err.Error(), "permission denied"), true)
	}
	malformed := CredentialsFunc(func(context.Context) (Credentials, error) { return Credentials{}, nil })
	_, err := server.client(Config{Credentials: malformed}).Upload(background, request)
	failure(t, err, NoCredentials)
	equal(t, errors.Is(err, InvalidArgument), true)
	equal(t, strings.Contains(err.Error(), "AccessKeyId"), true)
}

func TestAProviderHearsThatTheClientIsClosed(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	asked, heard := make(chan bool), make(chan bool)
	client := server.client(Config{Credentials: CredentialsFunc(func(ctx context.Context) (Credentials, error) {
		close(asked)
		<-ctx.Done()
		close(heard)
		return Credentials{}, ctx.Err()
	})})
	go func() {
		<-asked
		client.Close()
	}()
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	failure(t, err, Paused)
	<-heard
}
