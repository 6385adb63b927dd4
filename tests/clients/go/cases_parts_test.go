package clients

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

const smallestPart = 100 * 1024

func multipartByHand(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	id := bucket.initiate("k")
	var whole []byte
	var parts []oss.UploadPart
	for number := int32(1); number <= 3; number++ {
		data := bytes.Repeat([]byte{byte(number)}, smallestPart)
		parts = append(parts, must(bucket.uploadPart("k", id, number, data))(t))
		whole = append(whole, data...)
	}
	succeed(t, bucket.complete("k", id, parts...))
	equal(t, must(bucket.get("k", nil))(t), whole)
	equal(t, *must(bucket.head("k"))(t).ObjectType, "Multipart")
}

func partsAreListedInPages(t *testing.T, use flavour) {
	const key = "dir/a b.bin"
	bucket := use.open(t, startStandIn(t))
	id := bucket.initiate(key)
	sizes := map[int32]int64{}
	for _, number := range []int32{1, 2, 3, 4, 5, 8, 9, 10_000} {
		sizes[number] = int64(number) * 10
		must(bucket.uploadPart(key, id, number, make([]byte, sizes[number])))(t)
	}
	request := &oss.ListPartsRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key), UploadId: oss.Ptr(id), MaxParts: 3}
	listed, pages := map[int32]int64{}, 0
	for paginator := bucket.client.NewListPartsPaginator(request); paginator.HasNext(); pages++ {
		for _, part := range must(paginator.NextPage(context.Background()))(t).Parts {
			listed[part.PartNumber] = part.Size
		}
	}
	equal(t, listed, sizes)
	equal(t, pages, 3)
}

func anAbortedUploadIsGone(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	id := bucket.initiate("k")
	must(bucket.uploadPart("k", id, 1, []byte("data")))(t)
	succeed(t, bucket.abort("k", id))
	found, _ := listUploads(bucket, "", 100)
	equal(t, len(found), 0)
	_, err := bucket.uploadPart("k", id, 2, []byte("data"))
	refused(t, err, 404, "NoSuchUpload")
	list := &oss.ListPartsRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr("k"), UploadId: oss.Ptr(id)}
	_, err = bucket.client.ListParts(context.Background(), list)
	refused(t, err, 404, "NoSuchUpload")
	refused(t, bucket.abort("k", id), 404, "NoSuchUpload")
}

// listUploads finds all keys and upload ids below a prefix, and how many pages it took.
func listUploads(bucket bucket, prefix string, page int32) (found [][2]string, pages int) {
	request := &oss.ListMultipartUploadsRequest{Bucket: oss.Ptr(bucketName), Prefix: oss.Ptr(prefix), MaxUploads: page}
	for paginator := bucket.client.NewListMultipartUploadsPaginator(request); paginator.HasNext(); pages++ {
		for _, upload := range must(paginator.NextPage(context.Background()))(bucket.t).Uploads {
			found = append(found, [2]string{*upload.Key, *upload.UploadId})
		}
	}
	return found, pages
}

func uploadsAreListedInPages(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	var begun [][2]string
	for _, key := range []string{"dir/1", "dir/1", "dir/2", "dir/中 文+", "other"} {
		begun = append(begun, [2]string{key, bucket.initiate(key)})
	}
	slices.SortFunc(begun, func(one, other [2]string) int { return slices.Compare(one[:], other[:]) })
	found, pages := listUploads(bucket, "", 2)
	equal(t, found, begun)
	equal(t, pages, 3)
	found, pages = listUploads(bucket, "dir/", 3)
	equal(t, found, begun[:4])
	equal(t, pages, 2)
}

func aWrongCompleteIsRefused(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t))
	id := bucket.initiate("k")
	one := must(bucket.uploadPart("k", id, 1, []byte("small")))(t)
	two := must(bucket.uploadPart("k", id, 2, []byte("small too")))(t)
	refused(t, bucket.complete("k", id, one, two), 400, "EntityTooSmall")
	mistaken := oss.UploadPart{PartNumber: 1, ETag: two.ETag}
	refused(t, bucket.complete("k", id, mistaken), 400, "InvalidPart")
	two.PartNumber = 3
	refused(t, bucket.complete("k", id, one, two), 400, "InvalidPart")
	_, err := bucket.uploadPart("k", id, 10_001, []byte("x"))
	refused(t, err, 400, "InvalidArgument")
}
