package clients

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

// flavour is the client with one of its signature versions.
type flavour struct {
	name      string
	signature oss.SignatureVersionType
}

var flavours = []flavour{
	{"V1", oss.SignatureVersionV1},
	{"V4", oss.SignatureVersionV4},
}

// bucket is the client, bound to the stand-in's bucket and to a test.
type bucket struct {
	t      *testing.T
	client *oss.Client
}

// open makes a client; the endpoint's address makes it choose path style.
func (f flavour) open(t *testing.T, site *standIn, changes ...func(*oss.Config)) bucket {
	config := oss.LoadDefaultConfig().
		WithRegion("cn-hangzhou").
		WithEndpoint(site.Endpoint).
		WithSignatureVersion(f.signature).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider("ak", "sk"))
	for _, change := range changes {
		change(config)
	}
	return bucket{t, oss.NewClient(config)}
}

func withToken(token string) func(*oss.Config) {
	return func(config *oss.Config) {
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("ak", "sk", token))
	}
}

// here is the request that names an object and nothing else.
func here(key string) *oss.PutObjectRequest {
	return &oss.PutObjectRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key)}
}

func (b bucket) put(key string, data []byte) error {
	request := here(key)
	request.Body = bytes.NewReader(data)
	_, err := b.client.PutObject(context.Background(), request)
	return err
}

func (b bucket) get(key string, byteRange *string) ([]byte, error) {
	request := &oss.GetObjectRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key), Range: byteRange}
	answer, err := b.client.GetObject(context.Background(), request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

func (b bucket) head(key string) (*oss.HeadObjectResult, error) {
	request := &oss.HeadObjectRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key)}
	return b.client.HeadObject(context.Background(), request)
}

func (b bucket) presign(request any) *oss.PresignResult {
	b.t.Helper()
	return must(b.client.Presign(context.Background(), request))(b.t)
}

func (b bucket) initiate(key string) string {
	b.t.Helper()
	request := &oss.InitiateMultipartUploadRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key)}
	return *must(b.client.InitiateMultipartUpload(context.Background(), request))(b.t).UploadId
}

func (b bucket) uploadPart(key, id string, number int32, data []byte) (oss.UploadPart, error) {
	request := &oss.UploadPartRequest{
		Bucket:     oss.Ptr(bucketName),
		Key:        oss.Ptr(key),
		UploadId:   oss.Ptr(id),
		PartNumber: number,
		Body:       bytes.NewReader(data),
	}
	answer, err := b.client.UploadPart(context.Background(), request)
	if err != nil {
		return oss.UploadPart{}, err
	}
	return oss.UploadPart{PartNumber: number, ETag: answer.ETag}, nil
}

func (b bucket) complete(key, id string, parts ...oss.UploadPart) error {
	_, err := b.client.CompleteMultipartUpload(context.Background(), completing(key, id, parts...))
	return err
}

func completing(key, id string, parts ...oss.UploadPart) *oss.CompleteMultipartUploadRequest {
	return &oss.CompleteMultipartUploadRequest{
		Bucket:                  oss.Ptr(bucketName),
		Key:                     oss.Ptr(key),
		UploadId:                oss.Ptr(id),
		CompleteMultipartUpload: &oss.CompleteMultipartUpload{Parts: parts},
	}
}

func (b bucket) abort(key, id string) error {
	request := &oss.AbortMultipartUploadRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key), UploadId: oss.Ptr(id)}
	_, err := b.client.AbortMultipartUpload(context.Background(), request)
	return err
}
