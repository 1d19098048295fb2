//! What a template is made of. Read for their texts; whatever is more special (carousels, limited-time offers, flows)
//! stays raw.

use serde_json::Value;

use crate::value::Object;

/// The head of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`, … in upper case; `TEXT` when absent.
    pub format: String,
    /// The text with its variables, for format `TEXT`.
    pub text: Option<String>,
}

/// The text of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The text with its variables (`{{1}}` or named); authentication templates may have none, for Meta writes it.
    pub text: Option<String>,
}

/// The small print of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// The text; absent where Meta writes it (a code's expiry).
    pub text: Option<String>,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// `QUICK_REPLY`, `URL`, `PHONE_NUMBER`, `COPY_CODE`, `OTP`, `FLOW`, … in upper case.
    pub kind: String,
    /// The label.
    pub text: Option<String>,
    /// The address, for `URL`, with at most one variable at its end.
    pub url: Option<String>,
    /// The number, for `PHONE_NUMBER`.
    pub phone_number: Option<String>,
}

/// The parts of a template.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Components {
    /// The head.
    pub header: Option<Header>,
    /// The text.
    pub body: Option<Body>,
    /// The small print.
    pub footer: Option<Footer>,
    /// Buttons, in order.
    pub buttons: Vec<Button>,
    /// How many parts have another kind or could not be read; they are in `raw`.
    pub unread: usize,
    /// Everything, as it came; null when the field was absent.
    pub raw: Value,
}

impl Components {
    pub(super) fn read(raw: Option<Value>) -> Self {
        let Some(raw) = raw else { return Self::default() };
        let mut components = Self::default();
        match &raw {
            Value::Array(parts) => {
                for part in parts {
                    components.add(part);
                }
            }
            _ => components.unread = 1,
        }
        components.raw = raw;
        components
    }

    /// Adds one part; a second part of the same kind and whatever cannot be read is only counted.
    fn add(&mut self, part: &Value) {
        let Some(fields) = part.as_object() else {
            self.unread += 1;
            return;
        };
        match upper(fields, "type").as_deref() {
            Some("HEADER") if self.header.is_none() => {
                let format = upper(fields, "format").unwrap_or_else(|| "TEXT".to_owned());
                self.header = Some(Header { format, text: text(fields, "text") });
            }
            Some("BODY") if self.body.is_none() => self.body = Some(Body { text: text(fields, "text") }),
            Some("FOOTER") if self.footer.is_none() => self.footer = Some(Footer { text: text(fields, "text") }),
            Some("BUTTONS") => self.add_buttons(fields.get("buttons")),
            _ => self.unread += 1,
        }
    }

    fn add_buttons(&mut self, buttons: Option<&Value>) {
        let Some(Value::Array(buttons)) = buttons else {
            self.unread += 1;
            return;
        };
        for button in buttons {
            match button.as_object().and_then(|fields| Some((upper(fields, "type")?, fields))) {
                Some((kind, fields)) => self.buttons.push(Button {
                    kind,
                    text: text(fields, "text"),
                    url: text(fields, "url"),
                    phone_number: text(fields, "phone_number"),
                }),
                None => self.unread += 1,
            }
        }
    }
}

fn text(fields: &Object, field: &str) -> Option<String> {
    fields.get(field).and_then(Value::as_str).map(str::to_owned)
}

fn upper(fields: &Object, field: &str) -> Option<String> {
    fields.get(field).and_then(Value::as_str).map(str::to_ascii_uppercase)
}
