//! JSON read strictly: no key twice in an object, no deep nesting. Two readers that disagree on a doubled key are a hole.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Deepest nesting of objects and lists.
const DEPTH: usize = 64;

/// Reads `text` as one JSON value. The error is short, for people, and echoes nothing of the text.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let describe = |error: serde_json::Error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Data => format!("{error}"),
            serde_json::error::Category::Eof => format!("the body is no JSON: it ends too early ({place})"),
            _ => format!("the body is no JSON ({place})"),
        }
    };
    let value = Strict { depth: 0 }.deserialize(&mut deserializer).map_err(describe)?;
    deserializer.end().map_err(describe)?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH {
            return Err(E::custom(format_args!("the body is nested deeper than {DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(inner)?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("the body names a key twice in one object"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_json_reads_as_itself() {
        let text = r#"{"query": "{ a }", "variables": {"n": [1, -2, 0.5, true, null, "è"]}}"#;
        assert_eq!(parse(text), Ok(json!({"query": "{ a }", "variables": {"n": [1, -2, 0.5, true, null, "è"]}})));
    }

    #[test]
    fn doubled_keys_deep_nesting_and_leftovers_are_refused_without_an_echo() {
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        for (bad, wanted) in [
            (r#"{"secret": 1, "secret": 2}"#, "names a key twice"),
            (r#"{"v": {"secret": 1, "secret": 2}}"#, "names a key twice"),
            (deep.as_str(), "nested deeper"),
            (r#"{"secret": "#, "ends too early"),
            (r#"{"secret": 1} x"#, "is no JSON"),
            ("", "ends too early"),
            ("secret", "is no JSON"),
        ] {
            let message = parse(bad).unwrap_err();
            assert!(message.contains(wanted) && !message.contains("secret"), "{bad}: {message}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
