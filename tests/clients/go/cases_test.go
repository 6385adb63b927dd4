// Package clients tries the Go SDK v2, unmodified, against the stand-in.
package clients

import "testing"

var cases = []struct {
	name string
	run  func(*testing.T, flavour)
}{
	{"put_get_head", putGetHead},
	{"get_a_range", getARange},
	{"absent_objects_are_told_apart", absentObjectsAreToldApart},
	{"metadata_comes_back", metadataComesBack},
	{"keys_may_be_nasty", keysMayBeNasty},
	{"objects_are_listed_in_pages", objectsAreListedInPages},
	{"overwriting_can_be_forbidden", overwritingCanBeForbidden},
	{"a_callback_is_relayed", aCallbackIsRelayed},
	{"a_failed_callback_is_told", aFailedCallbackIsTold},

	{"multipart_by_hand", multipartByHand},
	{"parts_are_listed_in_pages", partsAreListedInPages},
	{"an_aborted_upload_is_gone", anAbortedUploadIsGone},
	{"uploads_are_listed_in_pages", uploadsAreListedInPages},
	{"a_wrong_complete_is_refused", aWrongCompleteIsRefused},

	{"an_upload_goes_through", anUploadGoesThrough},
	{"small_files_go_up", smallFilesGoUp},
	{"an_upload_carries_its_options", anUploadCarriesItsOptions},
	{"an_upload_goes_on_after_a_fault", anUploadGoesOnAfterAFault},
	{"an_upload_goes_on_after_a_refused_complete", anUploadGoesOnAfterARefusedComplete},
	{"a_lost_upload_is_begun_anew", aLostUploadIsBegunAnew},
	{"a_lost_answer_is_an_error", aLostAnswerIsAnError},
	{"a_wrong_crc_of_a_resumed_upload_is_noticed", aWrongCRCOfAResumedUploadIsNoticed},
	{"a_failed_callback_of_an_upload_is_told", aFailedCallbackOfAnUploadIsTold},

	{"a_wrong_crc_is_noticed", aWrongCRCIsNoticed},
	{"a_wrong_secret_is_refused", aWrongSecretIsRefused},
	{"a_security_token_is_sent", aSecurityTokenIsSent},
	{"presigned_urls_are_taken", presignedURLsAreTaken},
	{"an_expired_token_is_refused", anExpiredTokenIsRefused},
	{"a_clock_must_be_right", aClockMustBeRight},
	{"buckets_are_addressed_in_three_styles", bucketsAreAddressedInThreeStyles},
	{"https_is_verified", httpsIsVerified},
}

func TestClient(t *testing.T) {
	for _, flavour := range flavours {
		for _, entry := range cases {
			t.Run(flavour.name+"/"+entry.name, func(t *testing.T) {
				t.Parallel()
				entry.run(t, flavour)
			})
		}
	}
}
