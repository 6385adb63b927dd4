//! The call that OSS makes to an application server once an object is stored.

use super::limits::MAX_CALLBACK_URLS;
use crate::error::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Whom OSS calls, and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// The address; several are separated by semicolons and tried in order.
    pub url: String,
    /// The `Host` header of the call, if not the address's own.
    pub host: Option<String>,
    /// The body of the call, with `${variables}`.
    pub body: String,
    /// The body's type; a form if none is given.
    pub body_type: Option<String>,
    /// OSS names the host when it calls by HTTPS (SNI).
    pub sni: bool,
    /// The values of the body's `${x:variables}`, by their names.
    pub vars: Vec<(String, String)>,
}

const BODY_TYPES: [&str; 2] = ["application/x-www-form-urlencoded", "application/json"];

impl Callback {
    /// Refuses what OSS would refuse, which is after everything was sent.
    pub fn check(&self) -> Result<()> {
        let refuse = |why: String| Err(Error::invalid_argument(why));
        let urls: Vec<&str> = self.url.split(';').collect();
        if urls.iter().any(|url| url.trim().is_empty()) {
            return refuse("callback url is empty: give the address that OSS shall call".into());
        }
        if urls.len() > MAX_CALLBACK_URLS {
            return refuse(format!(
                "callback url holds {} addresses: at most {MAX_CALLBACK_URLS} are allowed",
                urls.len()
            ));
        }
        if self.body.is_empty() {
            return refuse("callback body is empty: say what OSS shall send".into());
        }
        if let Some(body_type) = &self.body_type
            && !BODY_TYPES.contains(&body_type.as_str())
        {
            let [form, json] = BODY_TYPES;
            return refuse(format!("callback body type is {body_type:?}: use {form} or {json}"));
        }
        for (name, _) in &self.vars {
            let is_good =
                name.strip_prefix("x:").is_some_and(|rest| !rest.is_empty()) && !name.contains(char::is_uppercase);
            if !is_good {
                return refuse(format!(
                    "callback variable {name:?}: its name starts with \"x:\" and has no upper case"
                ));
            }
        }
        Ok(())
    }

    /// The headers that ask OSS for the call.
    pub fn headers(&self) -> Result<Vec<(String, String)>> {
        self.check()?;
        let parameters = [
            ("callbackUrl", Some(self.url.as_str().into())),
            ("callbackHost", self.host.as_deref().map(Value::from)),
            ("callbackBody", Some(self.body.as_str().into())),
            ("callbackBodyType", self.body_type.as_deref().map(Value::from)),
            ("callbackSNI", self.sni.then_some(true.into())),
        ];
        let given = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let mut headers = vec![("x-oss-callback".to_owned(), encode(given))];
        if !self.vars.is_empty() {
            let vars = self.vars.iter().map(|(name, value)| (name.as_str(), value.as_str().into()));
            headers.push(("x-oss-callback-var".to_owned(), encode(vars)));
        }
        Ok(headers)
    }
}

fn encode<'a>(fields: impl Iterator<Item = (&'a str, Value)>) -> String {
    let object: Map<String, Value> = fields.map(|(name, value)| (name.to_owned(), value)).collect();
    STANDARD.encode(Value::Object(object).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn callback() -> Callback {
        Callback {
            url: "http://app.example.com/done".into(),
            body: "key=${object}&me=${x:me}".into(),
            ..Callback::default()
        }
    }

    fn decoded(header: &(String, String)) -> Value {
        serde_json::from_slice(&STANDARD.decode(&header.1).unwrap()).unwrap()
    }

    #[test]
    fn the_least_callback() {
        let headers = callback().headers().unwrap();
        assert_eq!(headers.len(), 1);
        assert_eq!(headers[0].0, "x-oss-callback");
        let expected = json!({
            "callbackUrl": "http://app.example.com/done",
            "callbackBody": "key=${object}&me=${x:me}",
        });
        assert_eq!(decoded(&headers[0]), expected);
    }

    #[test]
    fn the_whole_callback() {
        let whole = Callback {
            host: Some("app".into()),
            body_type: Some("application/json".into()),
            sni: true,
            vars: vec![("x:me".into(), "a \"quoted\" 名".into())],
            ..callback()
        };
        let headers = whole.headers().unwrap();
        assert_eq!(decoded(&headers[0])["callbackHost"], "app");
        assert_eq!(decoded(&headers[0])["callbackBodyType"], "application/json");
        assert_eq!(decoded(&headers[0])["callbackSNI"], true);
        assert_eq!(headers[1].0, "x-oss-callback-var");
        assert_eq!(decoded(&headers[1]), json!({ "x:me": "a \"quoted\" 名" }));
    }

    #[test]
    fn what_oss_would_refuse_is_refused_by_name() {
        let var = |name: &str| vec![(name.to_owned(), "v".to_owned())];
        for (bad, named) in [
            (Callback { url: String::new(), ..callback() }, "callback url"),
            (Callback { url: "http://a;".into(), ..callback() }, "callback url"),
            (Callback { url: "a;b;c;d;e;f".into(), ..callback() }, "callback url"),
            (Callback { body: String::new(), ..callback() }, "callback body"),
            (Callback { body_type: Some("text/plain".into()), ..callback() }, "callback body type"),
            (Callback { vars: var("me"), ..callback() }, "\"me\""),
            (Callback { vars: var("x:"), ..callback() }, "\"x:\""),
            (Callback { vars: var("x:Me"), ..callback() }, "\"x:Me\""),
        ] {
            let refusal = bad.headers().expect_err(named).to_string();
            assert!(refusal.contains(named), "{refusal}");
        }
    }
}
