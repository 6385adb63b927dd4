package ossup

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A text with a NUL is refused wherever it is, and so is a negative number: a field of which C hears nothing would be taken.
func TestEveryFieldReachesTheLibrary(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{})
	refuseEach(t, reflect.TypeFor[Config](), func(set func(reflect.Value)) error {
		config := Config{Endpoint: server.Endpoint, Credentials: Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}}
		set(reflect.ValueOf(&config).Elem())
		client, err := NewClient(config)
		if err == nil {
			client.Close()
		}
		return err
	})
	refuseEach(t, reflect.TypeFor[Request](), func(set func(reflect.Value)) error {
		request := Request{BucketName: bucketName, Key: "object", UploadFile: "/file"}
		set(reflect.ValueOf(&request).Elem())
		_, err := client.Start(background, request)
		return err
	})
	refuseEach(t, reflect.TypeFor[Callback](), func(set func(reflect.Value)) error {
		callback := &Callback{URL: "http://127.0.0.1/", Body: "body"}
		set(reflect.ValueOf(callback).Elem())
		request := Request{BucketName: bucketName, Key: "object", UploadFile: "/file", Callback: callback}
		_, err := client.Start(background, request)
		return err
	})
	refuseEach(t, reflect.TypeFor[Credentials](), func(set func(reflect.Value)) error {
		credentials := Credentials{AccessKeyID: "ak", AccessKeySecret: "sk"}
		set(reflect.ValueOf(&credentials).Elem())
		_, err := NewClient(Config{Endpoint: server.Endpoint, Credentials: credentials})
		return err
	})
	for _, source := range []CredentialsSource{
		ECSRole{Name: "\x00"}, OIDCRole{RoleARN: "\x00"}, OIDCRole{OIDCProviderARN: "\x00"}, OIDCRole{TokenFile: "\x00"},
	} {
		_, err := NewClient(Config{Endpoint: server.Endpoint, Credentials: source})
		failure(t, err, InvalidArgument)
	}
}

// refuseEach gives each field, by itself, what nothing can be made with.
func refuseEach(t *testing.T, of reflect.Type, try func(set func(reflect.Value)) error) {
	t.Helper()
	for _, field := range reflect.VisibleFields(of) {
		var bad any
		switch field.Type {
		case reflect.TypeFor[string]():
			bad = "a\x00b"
		case reflect.TypeFor[[]string]():
			bad = []string{"a\x00b"}
		case reflect.TypeFor[map[string]string]():
			bad = map[string]string{"x": "a\x00b"}
		case reflect.TypeFor[int](), reflect.TypeFor[int64](), reflect.TypeFor[Network](), reflect.TypeFor[time.Duration]():
			bad = -7
		default:
			// A bool has no bad value, and the others have tests of their own.
			continue
		}
		err := try(func(parameters reflect.Value) {
			place := parameters.FieldByIndex(field.Index)
			place.Set(reflect.ValueOf(bad).Convert(place.Type()))
		})
		// A wait for ever is a negative one.
		if field.Name == "LockTimeout" {
			continue
		}
		if err == nil {
			t.Fatalf("%v.%s: nothing was refused", of, field.Name)
		}
		failure(t, err, InvalidArgument)
	}
}

func TestAnObjectBearsWhatTheRequestSays(t *testing.T) {
	server := startStandIn(t)
	path, _ := makeFile(t, "file.bin", 2*partSize)
	request := Request{
		BucketName:                bucketName,
		Key:                       "object",
		UploadFile:                path,
		TrafficLimit:              819200000,
		StampObject:               true,
		ContentType:               "text/csv",
		ContentDisposition:        "attachment",
		ContentEncoding:           "identity",
		ContentLanguage:           "zh-CN",
		CacheControl:              "no-store",
		Expires:                   time.Date(2030, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600)),
		ObjectACL:                 "private",
		StorageClass:              "IA",
		ServerSideEncryption:      "KMS",
		ServerSideEncryptionKeyID: "key-id",
		ServerSideDataEncryption:  "SM4",
		RequestPayer:              "requester",
		ForbidOverwrite:           true,
		UserMetadata:              map[string]string{"b": "2", "a": "1"},
		Tags:                      map[string]string{"d": "4", "c": "3"},
		Headers:                   map[string]string{"x-oss-other": "other"},
	}
	must(server.client(Config{}).Upload(background, request))(t)
	contain(t, server.headers("InitiateMultipartUpload"), map[string]string{
		"content-type":                        "text/csv",
		"content-disposition":                 "attachment",
		"content-encoding":                    "identity",
		"content-language":                    "zh-CN",
		"cache-control":                       "no-store",
		"expires":                             "Wed, 02 Jan 2030 02:04:05 GMT",
		"x-oss-storage-class":                 "IA",
		"x-oss-server-side-encryption":        "KMS",
		"x-oss-server-side-encryption-key-id": "key-id",
		"x-oss-server-side-data-encryption":   "SM4",
		"x-oss-request-payer":                 "requester",
		"x-oss-forbid-overwrite":              "true",
		"x-oss-meta-a":                        "1",
		"x-oss-meta-b":                        "2",
		"x-oss-tagging":                       "c=3&d=4",
		"x-oss-other":                         "other",
	})
	equal(t, server.headers("InitiateMultipartUpload")["x-oss-meta-ossup-stamp"] != "", true)
	contain(t, server.headers("UploadPart"), map[string]string{"x-oss-traffic-limit": "819200000"})
	contain(t, server.headers("CompleteMultipartUpload"), map[string]string{"x-oss-object-acl": "private"})
	_, err := server.client(Config{}).Upload(background, request)
	failure(t, err, AlreadyExists)
}

func contain(t *testing.T, found, expected map[string]string) {
	t.Helper()
	for name, value := range expected {
		if found[name] != value {
			t.Fatalf("%s is %q, not %q", name, found[name], value)
		}
	}
}

func TestACallbackIsWhatTheRequestSays(t *testing.T) {
	server := startStandIn(t)
	// Nobody is there; the object is, all the same.
	server.ask("POST", "/-/faults", nil, `{"when":{"operation":"PutObject"},"then":{"kind":"deny"}}`)
	path, _ := makeFile(t, "file.bin", 1000)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, Callback: &Callback{
		URL: "http://127.0.0.1:1/", Body: "body", BodyType: "application/json", Host: "app", SNI: true, Vars: map[string]string{"x:a": "1"},
	}}
	_, err := server.client(Config{}).Upload(background, request)
	failure(t, err, AccessDenied)
	headers := server.headers("PutObject")
	equal(t, decode(t, headers["x-oss-callback"]), map[string]any{
		"callbackUrl": "http://127.0.0.1:1/", "callbackBody": "body", "callbackBodyType": "application/json",
		"callbackHost": "app", "callbackSNI": true,
	})
	equal(t, decode(t, headers["x-oss-callback-var"]), map[string]any{"x:a": "1"})
}

func decode(t *testing.T, text string) (values map[string]any) {
	t.Helper()
	succeed(t, json.Unmarshal(must(base64.StdEncoding.DecodeString(text))(t), &values))
	return values
}

// A map has no order of its own, and another order would be another request.
func TestTheSameRequestGoesOnWhateverTheOrderOfAMapIs(t *testing.T) {
	server := startStandIn(t)
	server.hang(1)
	client := server.client(Config{})
	path, _ := makeFile(t, "file.bin", 4*partSize)
	many := map[string]string{}
	for number := range 8 {
		many[fmt.Sprintf("name-%d", number)] = "value"
	}
	for run := range 20 {
		ctx, cancel := context.WithCancel(background)
		result, err := client.Upload(ctx, Request{
			BucketName: bucketName, Key: "object", UploadFile: path, EnableCheckpoint: true, UserMetadata: many, Tags: many,
			Progress: func(progress Progress) {
				if progress.PartsConfirmed == 1 {
					cancel()
				}
			},
		})
		failure(t, err, Paused)
		equal(t, [2]any{result.Resumed, result.Reason}, [2]any{run > 0, ""})
	}
}

func TestNumbersOfTheCallersAreTheLibrarys(t *testing.T) {
	server := startStandIn(t)
	client := server.client(Config{MaxUploads: Unlimited})
	path, _ := makeFile(t, "file.bin", 3*partSize)
	request := Request{BucketName: bucketName, Key: "object", UploadFile: path, TaskNum: Auto, PartSize: Auto}
	equal(t, must(client.Upload(background, request))(t).PartsTotal, 1)
	request.PartSize = 2 * partSize
	equal(t, must(client.Upload(background, request))(t).PartsTotal, 2)
	request.PartSize, request.ForceMultipart = Auto, true
	must(client.Upload(background, request))(t)
	equal(t, server.count("InitiateMultipartUpload"), 2)
	request.Options = map[string]string{"part_size": "102400"}
	equal(t, must(client.Upload(background, request))(t).PartsTotal, 3)
}

func TestMillisecondsAreRoundedAwayFromZero(t *testing.T) {
	for given, expected := range map[time.Duration]int64{
		0: 0, 1: 1, -1: -1, time.Millisecond: 1, time.Millisecond + 1: 2, -time.Millisecond: -1, time.Hour: 3600000,
	} {
		equal(t, wholeMilliseconds(given), expected)
	}
}

func TestASecretIsNotPrinted(t *testing.T) {
	config := Config{Credentials: Credentials{AccessKeyID: "shown", AccessKeySecret: "hidden", SecurityToken: "hidden"}}
	var lines strings.Builder
	slog.New(slog.NewTextHandler(&lines, nil)).Info("made", "credentials", config.Credentials)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(&lines, verb, config)
		fmt.Fprintf(&lines, verb, config.Credentials)
	}
	equal(t, strings.Contains(lines.String(), "hidden"), false)
	equal(t, strings.Count(lines.String(), "shown"), 9)
}
