package clients

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

const (
	partSize = 256 * 1024
	parts    = 12
)

var watched = []string{"callback", "forbid-overwrite", "meta-author", "object-acl", "request-payer", "traffic-limit"}

// work is a file to upload and a place for the client's records.
type work struct {
	data    []byte
	path    string
	records string
}

func newWork(t *testing.T) work {
	return workOf(t, parts*partSize-1000)
}

func workOf(t *testing.T, size int) work {
	folder := t.TempDir()
	data := make([]byte, size)
	rand.Read(data)
	path := filepath.Join(folder, "source.bin")
	succeed(t, os.WriteFile(path, data, 0o600))
	// Without a slash at its end the client takes the folder above.
	records := filepath.Join(folder, "records") + "/"
	succeed(t, os.Mkdir(records, 0o700))
	return work{data, path, records}
}

func (w work) upload(bucket bucket, request *oss.PutObjectRequest) (*oss.UploadResult, error) {
	uploader := bucket.client.NewUploader(func(options *oss.UploaderOptions) {
		options.PartSize = partSize
		options.ParallelNum = 1
		options.EnableCheckpoint = true
		options.CheckpointDir = w.records
	})
	return uploader.UploadFile(context.Background(), request, w.path)
}

func (w work) recordsLeft(t *testing.T) int {
	return len(must(os.ReadDir(w.records))(t))
}

func allParts() []int32 {
	return numbers(1, parts)
}

func numbers(first, last int32) []int32 {
	var all []int32
	for number := first; number <= last; number++ {
		all = append(all, number)
	}
	return all
}

func anUploadGoesThrough(t *testing.T, use flavour) {
	site, work := startStandIn(t), newWork(t)
	bucket := use.open(t, site)
	result := must(work.upload(bucket, here("k")))(t)
	equal(t, site.sentParts(), allParts())
	equal(t, site.object("k"), work.data)
	equal(t, result.HashCRC64, must(bucket.head("k"))(t).HashCRC64)
	equal(t, work.recordsLeft(t), 0)
}

func smallFilesGoUp(t *testing.T, use flavour) {
	site := startStandIn(t)
	for _, size := range []int{0, 1000} {
		site.clearLedger()
		work := workOf(t, size)
		must(work.upload(use.open(t, site), here("k")))(t)
		equal(t, site.object("k"), work.data)
		equal(t, len(site.ledger("")), 1)
		equal(t, len(site.ledger("PutObject")), 1)
	}
}

func anUploadCarriesItsOptions(t *testing.T, use flavour) {
	site, work := startStandIn(t), newWork(t)
	callback, bodies := application(t, http.StatusOK)
	request := here("k")
	request.Acl = oss.ObjectACLPrivate
	request.Callback = &callback
	request.ForbidOverwrite = oss.Ptr("true")
	request.Metadata = map[string]string{"author": "alice"}
	request.RequestPayer = oss.Ptr("requester")
	request.TrafficLimit = 838_860_800
	must(work.upload(use.open(t, site), request))(t)
	<-bodies

	var carried []string
	for _, entry := range site.ledger("") {
		line := entry.Operation
		for _, name := range watched {
			if entry.header("x-oss-"+name) != "" {
				line += " " + name
			}
		}
		carried = append(carried, line)
	}
	// The traffic limit comes with no part.
	equal(t, slices.Compact(carried), []string{
		"InitiateMultipartUpload forbid-overwrite meta-author request-payer",
		"UploadPart request-payer",
		"CompleteMultipartUpload callback forbid-overwrite object-acl request-payer",
	})
}

// interrupted is an upload that failed at part 6.
func interrupted(t *testing.T, use flavour) (*standIn, work) {
	site, work := startStandIn(t), newWork(t)
	site.fault(
		map[string]any{"operation": "UploadPart", "part_number": 6},
		map[string]any{"kind": "reset", "after": 1000},
	)
	_, err := work.upload(use.open(t, site), here("k"))
	fails(t, err)
	site.clearFaults()
	equal(t, site.uploads(), [][]int32{numbers(1, 5)})
	equal(t, work.recordsLeft(t), 1)
	site.clearLedger()
	return site, work
}

func anUploadGoesOnAfterAFault(t *testing.T, use flavour) {
	site, work := interrupted(t, use)
	must(work.upload(use.open(t, site), here("k")))(t)
	equal(t, site.sentParts(), numbers(6, parts))
	equal(t, len(site.ledger("InitiateMultipartUpload")), 0)
	equal(t, site.object("k"), work.data)
	equal(t, work.recordsLeft(t), 0)
}

func anUploadGoesOnAfterARefusedComplete(t *testing.T, use flavour) {
	site, work := startStandIn(t), newWork(t)
	site.fault(map[string]any{"operation": "CompleteMultipartUpload"}, map[string]any{"kind": "deny"})
	_, err := work.upload(use.open(t, site), here("k"))
	refused(t, err, 403, "AccessDenied")
	site.clearFaults()
	site.clearLedger()
	must(work.upload(use.open(t, site), here("k")))(t)
	// A last part that is shorter than the others is sent again.
	equal(t, site.sentParts(), numbers(parts, parts))
	equal(t, site.object("k"), work.data)
}

func aLostUploadIsBegunAnew(t *testing.T, use flavour) {
	site, work := interrupted(t, use)
	site.fault(map[string]any{"operation": "ListParts", "times": 1}, map[string]any{"kind": "lose_upload"})
	must(work.upload(use.open(t, site), here("k")))(t)
	equal(t, site.sentParts(), allParts())
	equal(t, site.object("k"), work.data)
}

func aLostAnswerIsAnError(t *testing.T, use flavour) {
	site, work := startStandIn(t), newWork(t)
	site.fault(
		map[string]any{"operation": "CompleteMultipartUpload", "times": 1},
		map[string]any{"kind": "lose_answer"},
	)
	// It asks again and takes the second answer for the truth.
	_, err := work.upload(use.open(t, site), here("k"))
	refused(t, err, 404, "NoSuchUpload")
	equal(t, site.object("k"), work.data)
}

func aWrongCRCOfAResumedUploadIsNoticed(t *testing.T, use flavour) {
	site, work := interrupted(t, use)
	site.fault(map[string]any{"operation": "CompleteMultipartUpload"}, map[string]any{"kind": "wrong_crc"})
	_, err := work.upload(use.open(t, site), here("k"))
	equal(t, inconsistent(err), true)
}

func aFailedCallbackOfAnUploadIsTold(t *testing.T, use flavour) {
	site, work := startStandIn(t), newWork(t)
	callback, bodies := application(t, http.StatusInternalServerError)
	request := here("k")
	request.Callback = &callback
	_, err := work.upload(use.open(t, site), request)
	refused(t, err, 203, "CallbackFailed")
	<-bodies
	equal(t, site.object("k"), work.data)
	equal(t, site.uploads(), [][]int32{})
	// Its record stays and names an upload that is gone.
	equal(t, work.recordsLeft(t), 1)
}
