package ossup

// #include <ossup.h>
// #include <wchar.h>
import "C"

import (
	"syscall"
	"unsafe"
)

// nativePath is a path as the system has it: UTF-16, of which Go has all in a string, also half of a surrogate pair.
type nativePath = *C.wchar_t

func (t *texts) path(name, path string) nativePath {
	t.see(name, path)
	wide, err := syscall.UTF16FromString(path)
	if err != nil {
		return nil
	}
	return nativePath(unsafe.Pointer(&wide[0]))
}

func goPath(path nativePath) string {
	if path == nil {
		return ""
	}
	return syscall.UTF16ToString(unsafe.Slice((*uint16)(unsafe.Pointer(path)), C.wcslen(path)))
}

func setUploadFile(request *C.ossup_request, path nativePath) {
	C.ossup_request_set_upload_file_w(request, path)
}

func setCheckpointFile(request *C.ossup_request, path nativePath) {
	C.ossup_request_set_checkpoint_file_w(request, path)
}

func setCheckpointDir(request *C.ossup_request, path nativePath) {
	C.ossup_request_set_checkpoint_dir_w(request, path)
}

func setCAFile(config *C.ossup_config, path nativePath) {
	C.ossup_config_set_ca_file_w(config, path)
}

func addOIDCRole(config *C.ossup_config, role, provider *C.char, token nativePath) {
	C.ossup_config_add_oidc_role_w(config, role, provider, token)
}

func readRecord(path nativePath, record **C.ossup_record, failure **C.ossup_error) C.ossup_status {
	return C.ossup_record_read_w(path, record, failure)
}

func readRecords(folder nativePath, list **C.ossup_record_list, failure **C.ossup_error) C.ossup_status {
	return C.ossup_record_list_read_w(folder, list, failure)
}

func deleteRecord(path nativePath, failure **C.ossup_error) C.ossup_status {
	return C.ossup_record_delete_w(path, failure)
}

func recordPath(record *C.ossup_record) nativePath {
	return C.ossup_record_path_w(record)
}

func checkpointFile(result *C.ossup_result) nativePath {
	return C.ossup_result_checkpoint_file_w(result)
}
