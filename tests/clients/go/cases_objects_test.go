package clients

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

var nastyKeys = []string{
	"a b+c%d.bin",
	"dir//double/slash",
	"trailing/",
	"中文/文件 1+2.bin",
	"😀.txt",
	"quotes'\"<&>;.xml",
	"question?mark=1&hash#tilde~*|()!$@,",
	"%41%2F%zz",
}

func putGetHead(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	for _, data := range [][]byte{{}, []byte("123456789"), bytes.Repeat([]byte("0123456789abcdef"), 1<<16)} {
		succeed(t, bucket.put("k", data))
		equal(t, must(bucket.get("k", nil))(t), data)
		equal(t, must(bucket.head("k"))(t).ContentLength, int64(len(data)))
	}
	succeed(t, bucket.put("k", []byte("123456789")))
	equal(t, *must(bucket.head("k"))(t).ETag, `"25F9E794323B453885F5181F1B624D0B"`)
	equal(t, *must(bucket.head("k"))(t).HashCRC64, "11051210869376104954")
}

func getARange(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	succeed(t, bucket.put("k", []byte("0123456789")))
	equal(t, must(bucket.get("k", oss.Ptr("bytes=2-5")))(t), []byte("2345"))
}

func absentObjectsAreToldApart(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	_, err := bucket.get("absent", nil)
	refused(t, err, 404, "NoSuchKey")
	_, err = bucket.head("absent")
	refused(t, err, 404, "NoSuchKey")
}

func metadataComesBack(t *testing.T, use flavour) {
	ctx := context.Background()
	bucket := use.open(t, startStandIn(t))
	metadata := map[string]string{"author": "alice", "note": "two words, one comma"}
	put := here("put")
	put.ContentType = oss.Ptr("text/plain; charset=utf-8")
	put.CacheControl = oss.Ptr("max-age=60")
	put.ContentDisposition = oss.Ptr(`attachment; filename="a b.txt"`)
	put.StorageClass = oss.StorageClassIA
	put.Tagging = oss.Ptr("k1=v1&k2=v+2")
	put.Metadata = metadata
	initiate := &oss.InitiateMultipartUploadRequest{
		Bucket:             put.Bucket,
		Key:                oss.Ptr("parts"),
		ContentType:        put.ContentType,
		CacheControl:       put.CacheControl,
		ContentDisposition: put.ContentDisposition,
		StorageClass:       put.StorageClass,
		Tagging:            put.Tagging,
		Metadata:           put.Metadata,
	}
	put.Acl = oss.ObjectACLPublicRead
	put.Body = bytes.NewReader([]byte("data"))
	must(bucket.client.PutObject(ctx, put))(t)

	id := *must(bucket.client.InitiateMultipartUpload(ctx, initiate))(t).UploadId
	complete := completing("parts", id, must(bucket.uploadPart("parts", id, 1, []byte("data")))(t))
	complete.Acl = oss.ObjectACLPublicRead
	must(bucket.client.CompleteMultipartUpload(ctx, complete))(t)

	for _, key := range []string{"put", "parts"} {
		found := must(bucket.head(key))(t)
		equal(t, found.ContentType, put.ContentType)
		equal(t, found.CacheControl, put.CacheControl)
		equal(t, found.ContentDisposition, put.ContentDisposition)
		equal(t, *found.StorageClass, "IA")
		equal(t, found.TaggingCount, 2)
		equal(t, found.Metadata, metadata)
		acl := &oss.GetObjectAclRequest{Bucket: put.Bucket, Key: oss.Ptr(key)}
		equal(t, *must(bucket.client.GetObjectAcl(ctx, acl))(t).ACL, "public-read")
	}
}

func keysMayBeNasty(t *testing.T, use flavour) {
	site := startStandIn(t)
	bucket := use.open(t, site)
	for _, key := range nastyKeys {
		data := []byte(key)
		succeed(t, bucket.put(key, data))
		equal(t, must(bucket.get(key, nil))(t), data)
		equal(t, site.object(key), data)
		id := bucket.initiate(key)
		twice := append(data, data...)
		succeed(t, bucket.complete(key, id, must(bucket.uploadPart(key, id, 1, twice))(t)))
		equal(t, site.object(key), twice)
	}
}

func objectsAreListedInPages(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	for _, key := range nastyKeys {
		succeed(t, bucket.put(key, []byte(key)))
	}
	var found []string
	pages := 0
	request := &oss.ListObjectsV2Request{Bucket: oss.Ptr(bucketName), MaxKeys: 3}
	for paginator := bucket.client.NewListObjectsV2Paginator(request); paginator.HasNext(); pages++ {
		for _, object := range must(paginator.NextPage(context.Background()))(t).Contents {
			found = append(found, *object.Key)
			equal(t, object.Size, int64(len(*object.Key)))
		}
	}
	equal(t, found, slices.Sorted(slices.Values(nastyKeys)))
	equal(t, pages, 3)
}

func overwritingCanBeForbidden(t *testing.T, use flavour) {
	ctx := context.Background()
	site := startStandIn(t)
	bucket := use.open(t, site)
	succeed(t, bucket.put("k", []byte("old")))
	put := here("k")
	put.Body = bytes.NewReader([]byte("new"))
	put.ForbidOverwrite = oss.Ptr("true")
	_, err := bucket.client.PutObject(ctx, put)
	refused(t, err, 409, "FileAlreadyExists")
	id := bucket.initiate("k")
	part := must(bucket.uploadPart("k", id, 1, []byte("new")))(t)
	complete := completing("k", id, part)
	complete.ForbidOverwrite = oss.Ptr("true")
	_, err = bucket.client.CompleteMultipartUpload(ctx, complete)
	refused(t, err, 409, "FileAlreadyExists")
	equal(t, site.object("k"), []byte("old"))
	succeed(t, bucket.complete("k", id, part))
	equal(t, site.object("k"), []byte("new"))
}

// application is a callback server; what it was sent waits in the channel.
func application(t *testing.T, status int) (string, <-chan string) {
	bodies := make(chan string, 8)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		bodies <- string(body)
		out.WriteHeader(status)
		io.WriteString(out, `{"accepted":true}`)
	}))
	t.Cleanup(server.Close)
	return encoded(t, map[string]string{
		"callbackUrl":  server.URL + "/done",
		"callbackBody": "key=${object}&size=${size}&who=${x:who}",
	}), bodies
}

func encoded(t *testing.T, value map[string]string) string {
	return base64.StdEncoding.EncodeToString(must(json.Marshal(value))(t))
}

func aCallbackIsRelayed(t *testing.T, use flavour) {
	ctx := context.Background()
	bucket := use.open(t, startStandIn(t))
	callback, bodies := application(t, http.StatusOK)
	variables := encoded(t, map[string]string{"x:who": "alice"})
	put := here("k")
	put.Body = bytes.NewReader([]byte("data"))
	put.Callback, put.CallbackVar = &callback, &variables
	equal(t, must(bucket.client.PutObject(ctx, put))(t).CallbackResult, map[string]any{"accepted": true})
	equal(t, <-bodies, "key=k&size=4&who=alice")

	id := bucket.initiate("parts")
	complete := completing("parts", id, must(bucket.uploadPart("parts", id, 1, []byte("more data")))(t))
	complete.Callback, complete.CallbackVar = &callback, &variables
	answer := must(bucket.client.CompleteMultipartUpload(ctx, complete))(t)
	equal(t, answer.CallbackResult, map[string]any{"accepted": true})
	equal(t, <-bodies, "key=parts&size=9&who=alice")
}

func aFailedCallbackIsTold(t *testing.T, use flavour) {
	site := startStandIn(t)
	bucket := use.open(t, site)
	callback, bodies := application(t, http.StatusInternalServerError)
	put := here("k")
	put.Body = bytes.NewReader([]byte("data"))
	put.Callback = &callback
	_, err := bucket.client.PutObject(context.Background(), put)
	refused(t, err, 203, "CallbackFailed")
	equal(t, <-bodies, "key=k&size=4&who=")
	equal(t, site.object("k"), []byte("data"))
}
