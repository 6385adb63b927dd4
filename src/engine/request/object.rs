//! What the object will be, and what else the calls carry: each setter writes a header.

use super::Request;
use crate::error::{Error, Result};
use crate::oss::callback::Callback;
use crate::oss::headers::check_header;
use crate::oss::options::{
    check_acl, check_data_encryption, check_encryption, check_request_payer, check_storage_class,
};

const TAGGING: &str = "x-oss-tagging";

impl Request {
    /// The object's media type.
    pub fn set_content_type(&mut self, content_type: &str) -> Result<()> {
        self.set_named("ContentType", "Content-Type", content_type)
    }

    /// How the object is to be shown or saved.
    pub fn set_content_disposition(&mut self, disposition: &str) -> Result<()> {
        self.set_named("ContentDisposition", "Content-Disposition", disposition)
    }

    /// How the object's bytes are encoded.
    pub fn set_content_encoding(&mut self, encoding: &str) -> Result<()> {
        self.set_named("ContentEncoding", "Content-Encoding", encoding)
    }

    /// The object's language.
    pub fn set_content_language(&mut self, language: &str) -> Result<()> {
        self.set_named("ContentLanguage", "Content-Language", language)
    }

    /// How long the object may be kept in caches.
    pub fn set_cache_control(&mut self, control: &str) -> Result<()> {
        self.set_named("CacheControl", "Cache-Control", control)
    }

    /// When copies of the object become stale, as a date of HTTP.
    pub fn set_expires(&mut self, date: &str) -> Result<()> {
        self.set_named("Expires", "Expires", date)
    }

    /// Who may read and write the object.
    pub fn set_object_acl(&mut self, acl: &str) -> Result<()> {
        check_acl(acl)?;
        self.set_header("x-oss-object-acl", acl)
    }

    /// How the object is stored, and billed.
    pub fn set_storage_class(&mut self, class: &str) -> Result<()> {
        check_storage_class(class)?;
        self.set_header("x-oss-storage-class", class)
    }

    /// Adds a tag.
    pub fn add_tag(&mut self, key: &str, value: &str) -> Result<()> {
        let mut tags = self.tags.clone();
        tags.add(key, value)?;
        self.set_header(TAGGING, &tags.header())?;
        self.tags = tags;
        Ok(())
    }

    /// How OSS encrypts the object.
    pub fn set_server_side_encryption(&mut self, method: &str) -> Result<()> {
        check_encryption(method)?;
        self.set_header("x-oss-server-side-encryption", method)
    }

    /// The key that KMS encrypts with.
    pub fn set_server_side_encryption_key_id(&mut self, key_id: &str) -> Result<()> {
        self.set_named("ServerSideEncryptionKeyId", "x-oss-server-side-encryption-key-id", key_id)
    }

    /// The algorithm that KMS encrypts with.
    pub fn set_server_side_data_encryption(&mut self, algorithm: &str) -> Result<()> {
        check_data_encryption(algorithm)?;
        self.set_header("x-oss-server-side-data-encryption", algorithm)
    }

    /// Adds `x-oss-meta-{name}`.
    pub fn add_user_metadata(&mut self, name: &str, value: &str) -> Result<()> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Error::invalid_argument(format!(
                "user metadata: the name {name:?} must be of letters, digits and hyphens"
            )));
        }
        self.set_header(&format!("x-oss-meta-{}", name.to_ascii_lowercase()), value)
    }

    /// Who pays for the requests, in a bucket whose owner does not.
    pub fn set_request_payer(&mut self, payer: &str) -> Result<()> {
        check_request_payer(payer)?;
        self.set_header("x-oss-request-payer", payer)
    }

    /// Bits per second at which OSS takes each part.
    pub fn set_traffic_limit(&mut self, bits_per_s: u64) -> Result<()> {
        if bits_per_s == 0 {
            return Err(Error::invalid_argument("TrafficLimit: 0 bit/s would never end, leave the limit away"));
        }
        self.set_header("x-oss-traffic-limit", &bits_per_s.to_string())
    }

    /// Fails the upload when the object exists already.
    pub fn set_forbid_overwrite(&mut self, forbid: bool) -> Result<()> {
        self.set_header("x-oss-forbid-overwrite", if forbid { "true" } else { "false" })
    }

    /// Any other header; it goes to the calls that carry it.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<()> {
        check_header(name, value)?;
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        if name.eq_ignore_ascii_case(TAGGING) {
            self.tags = Default::default();
        }
        Ok(())
    }

    fn set_named(&mut self, option: &str, header: &str, value: &str) -> Result<()> {
        if value.is_empty() {
            return Err(Error::invalid_argument(format!("{option} is empty")));
        }
        self.set_header(header, value)
    }

    /// Has OSS post `body` to `url` once the object is stored.
    pub fn set_callback(&mut self, url: &str, body: &str) -> Result<()> {
        if url.is_empty() || body.is_empty() {
            return Err(Error::invalid_argument("Callback: neither its URL nor its body may be empty"));
        }
        self.callback.url = url.to_owned();
        self.callback.body = body.to_owned();
        Ok(())
    }

    /// The Host header of the callback's request.
    pub fn set_callback_host(&mut self, host: &str) -> Result<()> {
        if host.is_empty() {
            return Err(Error::invalid_argument("CallbackHost is empty"));
        }
        self.callback.host = Some(host.to_owned());
        Ok(())
    }

    /// The callback body's media type.
    pub fn set_callback_body_type(&mut self, body_type: &str) -> Result<()> {
        if body_type.is_empty() {
            return Err(Error::invalid_argument("CallbackBodyType is empty"));
        }
        self.callback.body_type = Some(body_type.to_owned());
        Ok(())
    }

    /// Has OSS name the host when it calls by HTTPS (SNI).
    pub fn set_callback_sni(&mut self, sni: bool) {
        self.callback.sni = sni;
    }

    /// A variable that the callback's body may use as `${x:name}`.
    pub fn add_callback_var(&mut self, name: &str, value: &str) -> Result<()> {
        let vars = vec![(name.to_owned(), value.to_owned())];
        Callback { url: "http://checked".to_owned(), body: "checked".to_owned(), vars, ..Callback::default() }
            .headers()?;
        self.callback.vars.retain(|(other, _)| other != name);
        self.callback.vars.push((name.to_owned(), value.to_owned()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_values_are_refused_by_name() {
        let mut request = Request::default();
        for (name, result) in [
            ("ContentType", request.set_content_type("")),
            ("Content-Disposition", request.set_content_disposition("attachment; filename=文件")),
            ("StorageClass", request.set_storage_class("Cold")),
            ("ServerSideEncryption", request.set_server_side_encryption("DES")),
            ("TrafficLimit", request.set_traffic_limit(0)),
            ("RequestPayer", request.set_request_payer("me")),
            ("Tagging", request.add_tag("", "1")),
            ("ObjectAcl", request.set_object_acl("everyone")),
            ("user metadata", request.add_user_metadata("a b", "1")),
            ("Authorization", request.set_header("Authorization", "me")),
            ("Callback", request.set_callback("", "body")),
        ] {
            assert!(result.unwrap_err().to_string().contains(name), "{name}");
        }
        assert!(request.headers.is_empty());
    }

    #[test]
    fn the_last_word_on_tags_counts() {
        let mut request = Request::default();
        request.add_tag("a", "1").unwrap();
        request.add_tag("b", "2").unwrap();
        assert_eq!(request.headers, [(TAGGING.to_owned(), "a=1&b=2".to_owned())]);
        request.set_header("X-Oss-Tagging", "c=3").unwrap();
        request.add_tag("d", "4").unwrap();
        assert_eq!(request.headers, [(TAGGING.to_owned(), "d=4".to_owned())]);
    }
}
