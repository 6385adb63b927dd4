//go:build !windows

package ossup

// #include <ossup.h>
import "C"

// nativePath is a path as the system has it: bytes.
type nativePath = *C.char

func (t *texts) path(name, path string) nativePath {
	return t.c(name, path)
}

func goPath(path nativePath) string {
	return C.GoString(path)
}

func setUploadFile(request *C.ossup_request, path nativePath) {
	C.ossup_request_set_upload_file(request, path)
}

func setCheckpointFile(request *C.ossup_request, path nativePath) {
	C.ossup_request_set_checkpoint_file(request, path)
}

func setCheckpointDir(request *C.ossup_request, path nativePath) {
	C.ossup_request_set_checkpoint_dir(request, path)
}

func setCAFile(config *C.ossup_config, path nativePath) {
	C.ossup_config_set_ca_file(config, path)
}

func addOIDCRole(config *C.ossup_config, role, provider *C.char, token nativePath) {
	C.ossup_config_add_oidc_role(config, role, provider, token)
}

func readRecord(path nativePath, record **C.ossup_record, failure **C.ossup_error) C.ossup_status {
	return C.ossup_record_read(path, record, failure)
}

func readRecords(folder nativePath, list **C.ossup_record_list, failure **C.ossup_error) C.ossup_status {
	return C.ossup_record_list_read(folder, list, failure)
}

func deleteRecord(path nativePath, failure **C.ossup_error) C.ossup_status {
	return C.ossup_record_delete(path, failure)
}

func recordPath(record *C.ossup_record) nativePath {
	return C.ossup_record_path(record)
}

func checkpointFile(result *C.ossup_result) nativePath {
	return C.ossup_result_checkpoint_file(result)
}
