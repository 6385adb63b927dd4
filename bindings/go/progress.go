package ossup

// #include <ossup.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// Phase is what an upload is busy with. Later versions of the library may have more: what is not Done is not done.
type Phase int32

const (
	Preparing  Phase = C.OSSUP_PHASE_PREPARING  // finding out what there is to do
	Uploading  Phase = C.OSSUP_PHASE_UPLOADING  // sending parts
	Completing Phase = C.OSSUP_PHASE_COMPLETING // every part is there; the object is being made
	Done       Phase = C.OSSUP_PHASE_DONE       // the object is confirmed; nothing else means 100 %
)

// String is the phase's name in C without its prefix, such as "UPLOADING".
func (p Phase) String() string {
	switch p {
	case Preparing:
		return "PREPARING"
	case Uploading:
		return "UPLOADING"
	case Completing:
		return "COMPLETING"
	case Done:
		return "DONE"
	default:
		return fmt.Sprintf("PHASE %d", int32(p))
	}
}

// Progress is how far an upload is, in absolute numbers (ossup_progress).
type Progress struct {
	Phase          Phase
	PartsTotal     int // 0 while the end of a stream is not known
	PartsConfirmed int
	BytesTotal     int64 // 0 while the end of a stream is not known
	BytesConfirmed int64 // of confirmed parts; it never decreases, and begins with the reused ones
	BytesInFlight  int64 // sent of parts that are not confirmed yet
	BytesReused    int64 // that an earlier run sent
}

func progressOf(upload *C.ossup_upload) Progress {
	var p C.ossup_progress
	p.struct_size = C.size_t(unsafe.Sizeof(p))
	C.ossup_upload_progress(upload, &p)
	return Progress{
		Phase:          Phase(p.phase),
		PartsTotal:     int(p.parts_total),
		PartsConfirmed: int(p.parts_confirmed),
		BytesTotal:     int64(p.bytes_total),
		BytesConfirmed: int64(p.bytes_confirmed),
		BytesInFlight:  int64(p.bytes_in_flight),
		BytesReused:    int64(p.bytes_reused),
	}
}
