package ossup

// #include <ossup.h>
import "C"

import "unsafe"

// Phase is what an upload is busy with.
type Phase int32

const (
	Preparing  Phase = C.OSSUP_PHASE_PREPARING  // finding out what there is to do
	Uploading  Phase = C.OSSUP_PHASE_UPLOADING  // sending parts
	Completing Phase = C.OSSUP_PHASE_COMPLETING // every part is there; the object is being made
	Done       Phase = C.OSSUP_PHASE_DONE       // the object is confirmed; nothing else means 100 %
)

// Progress is how far an upload is, in absolute numbers.
type Progress struct {
	Phase          Phase
	PartsTotal     int
	PartsConfirmed int
	BytesTotal     int64
	BytesConfirmed int64 // of confirmed parts; it never decreases, and begins with the reused ones
	BytesInFlight  int64 // sent of parts that are not confirmed yet
	BytesReused    int64 // that an earlier run sent
}

func progressOf(handle *C.ossup_upload) (Progress, error) {
	var p C.ossup_progress
	p.struct_size = C.size_t(unsafe.Sizeof(p))
	err := check(C.ossup_upload_progress(handle, &p), nil)
	return Progress{
		Phase:          Phase(p.phase),
		PartsTotal:     int(p.parts_total),
		PartsConfirmed: int(p.parts_confirmed),
		BytesTotal:     int64(p.bytes_total),
		BytesConfirmed: int64(p.bytes_confirmed),
		BytesInFlight:  int64(p.bytes_in_flight),
		BytesReused:    int64(p.bytes_reused),
	}, err
}
