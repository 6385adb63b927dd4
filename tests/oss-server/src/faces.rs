//! The faces of the service: behaviours in which services differ or that nobody could verify, each a switch.

use serde::{Deserialize, Serialize};

/// All switches; the default is what is documented or most likely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faces {
    /// PutObject answers the CRC-64 of the object.
    pub crc_on_put: bool,
    /// UploadPart answers the CRC-64 of the part.
    pub crc_on_upload_part: bool,
    /// ListParts tells the CRC-64 of each part.
    pub crc_on_list_parts: bool,
    /// Complete answers the CRC-64 of the object.
    pub crc_on_complete: bool,
    /// Put and Complete answer it with a callback, too.
    pub crc_with_callback: bool,
    /// HeadObject and GetObject tell the CRC-64 of the object.
    pub crc_on_head: bool,
    /// ETags of parts and simple objects are MD5 sums.
    pub etag_is_md5: bool,
    /// ETags are answered in quotes.
    pub etag_in_quotes: bool,
    /// Complete takes ETags without quotes.
    pub bare_etags_in_complete: bool,
    /// Complete makes an empty object of an empty list of parts.
    pub empty_part_list: bool,
    /// What a second Complete of the same upload id gets.
    pub repeated_complete: RepeatedComplete,
    /// ListParts still knows an upload that was completed.
    pub completed_uploads_are_listed: bool,
    /// Forbid-overwrite is enforced at Initiate already.
    pub forbid_overwrite_at_initiate: bool,
    /// Buckets keep versions: answers tell them, and forbid-overwrite is ignored.
    pub versioned: bool,
    /// The least bits per second that a traffic limit may ask for.
    pub slowest_traffic_limit: u64,
    /// `encoding-type=url` is obeyed.
    pub encodes_names: bool,
    /// How it writes a space.
    pub space_in_url_encoding: Space,
    /// Documents are in a namespace.
    pub xml_namespace: bool,
    /// Documents begin with a byte order mark.
    pub xml_bom: bool,
    /// Documents hold elements that no version of the protocol knows.
    pub xml_unknown_elements: bool,
    /// Errors are JSON.
    pub errors_as_json: bool,
    /// A failed HeadObject carries its error in `x-oss-err`.
    pub error_in_header: bool,
    /// The request id is in a header, not only in the body of errors.
    pub request_id_in_header: bool,
    /// Names of headers are In-Title-Case.
    pub title_case_headers: bool,
    /// What the header Date says.
    pub date: Date,
    /// Connections outlive an answer.
    pub keep_alive: bool,
    /// `100 Continue` goes before each answer, though nobody asked for it.
    pub unasked_continue: bool,
    /// Answers are chunked.
    pub chunked: bool,
    /// Signatures of version 1 are accepted.
    pub signature_v1: bool,
    /// The fields of a V4 Authorization may come in any order and with spaces between them.
    pub loose_authorization: bool,
    /// Status of SecurityTokenExpired.
    pub expired_token_status: u16,
}

impl Default for Faces {
    fn default() -> Self {
        Self {
            crc_on_put: true,
            crc_on_upload_part: true,
            crc_on_list_parts: true,
            crc_on_complete: true,
            crc_with_callback: true,
            crc_on_head: true,
            etag_is_md5: true,
            etag_in_quotes: true,
            bare_etags_in_complete: true,
            empty_part_list: false,
            repeated_complete: RepeatedComplete::NotFound,
            completed_uploads_are_listed: false,
            forbid_overwrite_at_initiate: false,
            versioned: false,
            slowest_traffic_limit: 819_200,
            encodes_names: true,
            space_in_url_encoding: Space::Percent,
            xml_namespace: false,
            xml_bom: false,
            xml_unknown_elements: false,
            errors_as_json: false,
            error_in_header: true,
            request_id_in_header: true,
            title_case_headers: false,
            date: Date::Right,
            keep_alive: true,
            unasked_continue: false,
            chunked: false,
            signature_v1: true,
            loose_authorization: true,
            expired_token_status: 403,
        }
    }
}

/// What a second Complete of the same upload id gets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedComplete {
    /// 200 and the same answer again.
    Repeated,
    /// 404 NoSuchUpload.
    NotFound,
    /// 409 FileAlreadyExists.
    Conflict,
}

/// How `encoding-type=url` writes a space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// `%20`.
    Percent,
    /// `+`.
    Plus,
}

/// What the header Date says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Date {
    /// The server's time.
    Right,
    /// The beginning of 1970.
    Epoch,
    /// Nothing: there is none.
    Missing,
}
