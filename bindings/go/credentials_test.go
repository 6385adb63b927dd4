package ossup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

func TestAChainIsAskedInItsOrder(t *testing.T) {
	t.Setenv("OSS_ACCESS_KEY_ID", "")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	var asked []string
	refuse := func(name string) CredentialsFunc {
		return func(context.Context) (Credentials, error) {
			asked = append(asked, name)
			return Credentials{}, errors.New("none")
		}
	}
	client := server.client(Config{Credentials: CredentialsChain{
		Environment{}, refuse("first"), CredentialsChain{refuse("second")}, Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}, refuse("third"),
	}})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	equal(t, asked, []string{"first", "second"})
}

func TestTheEnvironmentHasCredentials(t *testing.T) {
	t.Setenv("OSS_ACCESS_KEY_ID", "ak")
	t.Setenv("OSS_ACCESS_KEY_SECRET", "sk")
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path}
	must(server.client(Config{Credentials: Environment{}}).Upload(background, request))(t)
	client := must(NewClient(Config{Endpoint: server.Endpoint, Region: "cn-hangzhou"}))(t)
	must(client.Upload(background, request))(t)
	succeed(t, client.Close())
}

func TestRolesHaveCredentials(t *testing.T) {
	server := startStandIn(t, "--access-key", "role:secret:token")
	path, _ := makeFile(t, "file.bin", 1000)
	lender := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, question *http.Request) {
		const fields = `"AccessKeyId":"role","AccessKeySecret":"secret","SecurityToken":"token","Expiration":"2099-01-01T00:00:00Z"`
		switch {
		case question.URL.Path == "/latest/meta-data/ram/security-credentials/my-role":
			io.WriteString(answer, `{"Code":"Success",`+fields+`}`)
		case question.FormValue("Action") == "AssumeRoleWithOIDC" && question.FormValue("RoleArn") == "acs:ram::1:role/r":
			io.WriteString(answer, `{"RequestId":"1","Credentials":{`+fields+`}}`)
		default:
			http.NotFound(answer, question)
		}
	}))
	defer lender.Close()
	token := filepath.Join(makeFolder(t), "token")
	succeed(t, os.WriteFile(token, []byte("oidc-token"), 0o600))
	for _, source := range []CredentialsSource{
		ECSRole{Name: "my-role"},
		OIDCRole{RoleARN: "acs:ram::1:role/r", OIDCProviderARN: "acs:ram::1:oidc-provider/p", TokenFile: token},
	} {
		client := server.client(Config{Credentials: source, ECSMetadataEndpoint: lender.URL, STSEndpoint: lender.URL})
		must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	}
}

func TestAProviderHearsThatItsTimeIsOver(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	client := server.client(Config{CredentialsTimeout: time.Millisecond, MaxAttempts: 1, Credentials: CredentialsFunc(
		func(ctx context.Context) (Credentials, error) {
			<-ctx.Done()
			return Credentials{}, ctx.Err()
		},
	)})
	_, err := client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path})
	failure(t, err, NoCredentials)
}

func TestWhatAProviderCallsTemporaryIsAskedForAgain(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 1000)
	var asked atomic.Int32
	client := server.client(Config{Credentials: CredentialsFunc(func(context.Context) (Credentials, error) {
		if asked.Add(1) == 1 {
			return Credentials{}, fmt.Errorf("vault: %w", temporary{})
		}
		return Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}, nil
	})})
	must(client.Upload(background, Request{BucketName: bucketName, Key: "object", UploadFile: path}))(t)
	equal(t, asked.Load(), 2)
}

type temporary struct{}

func (temporary) Error() string   { return "sealed" }
func (temporary) Temporary() bool { return true }
