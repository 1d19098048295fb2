//! The environment as a layer of the configuration: `SBLOCCO_SECTION__KEY`.
//!
//! A value is read by the type that the key has among the defaults, so that a secret of digits stays a text. A variable that
//! names no key stays a text too and is refused with the unknown keys.

use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

/// Prefix of the variables.
pub(super) const PREFIX: &str = "SBLOCCO_";

/// Variables with the prefix that are arguments of the command line, not keys of the configuration.
const ARGUMENTS: [&str; 1] = ["SBLOCCO_CONFIG"];

/// One variable.
#[derive(Debug)]
pub struct Variable {
    name: String,
    path: Vec<String>,
    text: String,
    like: Option<toml::Value>,
}

impl Variable {
    /// The variables among `variables` that are keys, typed like `defaults`.
    pub fn among<I>(variables: I, defaults: &toml::Table) -> Vec<Self>
    where
        I: IntoIterator<Item = (String, String)>,
    {
        variables
            .into_iter()
            .filter(|(name, _)| name.starts_with(PREFIX) && !ARGUMENTS.contains(&name.as_str()))
            .map(|(name, text)| {
                let path: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
                let like = find(defaults, &path).cloned();
                Self { name, path, text, like }
            })
            .collect()
    }

    fn value(&self) -> Value {
        match &self.like {
            Some(toml::Value::Integer(_)) => {
                self.text.trim().parse::<i64>().map_or_else(|_| text(&self.text), Value::from)
            }
            Some(toml::Value::Boolean(_)) => {
                self.text.trim().parse::<bool>().map_or_else(|_| text(&self.text), Value::from)
            }
            // A list is written with commas between.
            Some(toml::Value::Array(_)) => {
                let items = self.text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Value::from(items.map(text).collect::<Vec<_>>())
            }
            _ => text(&self.text),
        }
    }
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn find<'a>(table: &'a toml::Table, path: &[String]) -> Option<&'a toml::Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(first)?;
    if rest.is_empty() { Some(value) } else { find(value.as_table()?, rest) }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("the environment variable {}", self.name))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut keys = self.path.iter().rev();
        let mut dict = Dict::new();
        if let Some(last) = keys.next() {
            dict.insert(last.clone(), self.value());
        }
        for key in keys {
            dict = Dict::from([(key.clone(), Value::from(dict))]);
        }
        Ok(Map::from([(Profile::Default, dict)]))
    }
}
