//! What a version sets, and how it is read from what somebody wrote: partial values, where null takes a value back.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::catalogue::{Bounds, ThresholdKey, catalogue, key};
use crate::traffic::Thresholds;

/// Why a value was refused.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FaultKind {
    /// There is no such threshold.
    Unknown,
    /// It is of another kind than the threshold: a text for a number, a fraction for a count.
    Kind,
    /// It is beyond its bounds.
    Range(Bounds),
    /// It contradicts another value, such as a line for HIGH below the one for MEDIUM.
    Order,
}

/// A value that was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the threshold {} cannot be set to this value: {}", path.join("."), said(*kind))]
pub struct ThresholdFault {
    /// The key, by parts.
    pub path: Vec<String>,
    /// Why.
    pub kind: FaultKind,
}

fn said(kind: FaultKind) -> String {
    match kind {
        FaultKind::Unknown => "there is no such threshold".to_owned(),
        FaultKind::Kind => "it is of another kind (a whole number, a fraction, true or false)".to_owned(),
        FaultKind::Range(bounds) => format!("it must be from {} to {}", bounds.least, bounds.greatest),
        FaultKind::Order => "the lines of rising severity must keep their order".to_owned(),
    }
}

fn fault(path: &str, kind: FaultKind) -> ThresholdFault {
    ThresholdFault { path: path.split('.').map(str::to_owned).collect(), kind }
}

/// What somebody wants to change: a value sets, `None` takes back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change(BTreeMap<String, Option<Value>>);

impl Change {
    /// Reads nested partial values, such as `{"consent": {"incompleteShare": 0.1, "retroactiveShare": null}}`. A null for a
    /// whole family takes all of it back.
    ///
    /// # Errors
    /// Every value that no threshold can take.
    pub fn parse(values: &Value) -> Result<Self, Vec<ThresholdFault>> {
        let (mut change, mut faults) = (Self::default(), Vec::new());
        match values {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| change.read(name, value, &mut faults)),
            _ => faults.push(ThresholdFault { path: Vec::new(), kind: FaultKind::Kind }),
        }
        if faults.is_empty() { Ok(change) } else { Err(faults) }
    }

    fn read(&mut self, path: &str, value: &Value, faults: &mut Vec<ThresholdFault>) {
        if let Some(key) = key(path) {
            match value {
                Value::Null => drop(self.0.insert(path.to_owned(), None)),
                _ => match check(key, value) {
                    Ok(()) => drop(self.0.insert(path.to_owned(), Some(value.clone()))),
                    Err(kind) => faults.push(fault(path, kind)),
                },
            }
            return;
        }
        let family = format!("{path}.");
        let members = || catalogue().iter().filter(|key| key.path.starts_with(&family));
        match value {
            _ if members().next().is_none() => faults.push(fault(path, FaultKind::Unknown)),
            Value::Null => self.0.extend(members().map(|key| (key.path.clone(), None))),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.read(&format!("{family}{name}"), value, faults);
                }
            }
            _ => faults.push(fault(path, FaultKind::Kind)),
        }
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a value can be the key's: the same kind, within its bounds.
fn check(key: &ThresholdKey, value: &Value) -> Result<(), FaultKind> {
    let same_kind = match &key.default {
        Value::Number(_) if key.is_whole() => value.is_u64() || value.is_i64(),
        Value::Number(_) => value.is_number(),
        Value::Bool(_) => value.is_boolean(),
        Value::String(_) => value.is_string(),
        Value::Array(_) => value.is_array(),
        Value::Null | Value::Object(_) => true,
    };
    if !same_kind {
        return Err(FaultKind::Kind);
    }
    match (key.bounds, value.as_f64()) {
        (Some(bounds), Some(number)) if !(bounds.least..=bounds.greatest).contains(&number) => {
            Err(FaultKind::Range(bounds))
        }
        _ => {
            let alone = Overrides([(key.path.clone(), value.clone())].into());
            // Whatever else the type of the value asks for, it says by refusing it.
            serde_json::from_value::<Thresholds>(alone.to_json()).map(drop).map_err(|_| FaultKind::Kind)
        }
    }
}

/// Values that stand over others, by key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides(BTreeMap<String, Value>);

impl Overrides {
    /// As a store keeps them: nested, judged when they were written.
    pub fn stored(values: &Value) -> Self {
        fn read(path: &str, value: &Value, into: &mut BTreeMap<String, Value>) {
            match value {
                Value::Object(fields) => {
                    for (name, value) in fields {
                        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                        read(&path, value, into);
                    }
                }
                Value::Null if path.is_empty() => {}
                _ => drop(into.insert(path.to_owned(), value.clone())),
            }
        }
        let mut overrides = BTreeMap::new();
        read("", values, &mut overrides);
        Self(overrides)
    }

    /// Nested, as a store keeps them.
    pub fn to_json(&self) -> Value {
        let mut root = Map::new();
        for (path, value) in &self.0 {
            set(&mut root, path, value.clone());
        }
        Value::Object(root)
    }

    /// The value of a key, if it is set.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The keys that are set, and their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These, and `other` over them.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The values of these keys alone.
    #[must_use]
    pub fn only<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Self {
        let one = |key: &'k str| Some((key.to_owned(), self.get(key)?.clone()));
        Self(keys.into_iter().filter_map(one).collect())
    }

    /// These after `change`.
    #[must_use]
    pub fn after(&self, change: &Change) -> Self {
        let mut values = self.0.clone();
        for (key, value) in &change.0 {
            match value {
                Some(value) => values.insert(key.clone(), value.clone()),
                None => values.remove(key),
            };
        }
        Self(values)
    }

    /// The defaults with these over them.
    ///
    /// # Errors
    /// The first value that this release cannot take.
    pub fn over_defaults(&self) -> Result<Thresholds, ThresholdFault> {
        let known = Self(self.0.iter().filter(|(path, _)| key(path).is_some()).map(clone).collect());
        serde_json::from_value(known.to_json()).map_err(|_| {
            let bad = known.0.iter().find(|(path, value)| key(path).is_some_and(|key| check(key, value).is_err()));
            fault(bad.map_or("", |(path, _)| path), FaultKind::Kind)
        })
    }

    /// Whether lines of rising severity keep the order that the defaults have, judged over the defaults.
    ///
    /// # Errors
    /// Every pair that does not, by the key of the more severe one.
    pub fn check_order(&self) -> Result<(), Vec<ThresholdFault>> {
        let value = |key: &ThresholdKey| self.get(&key.path).unwrap_or(&key.default).as_f64();
        let mut faults = Vec::new();
        for (milder, worse) in ladder() {
            let (Some(low), Some(high)) = (milder.default.as_f64(), worse.default.as_f64()) else { continue };
            let (Some(now_low), Some(now_high)) = (value(milder), value(worse)) else { continue };
            if (now_low < now_high && low > high) || (now_low > now_high && low < high) {
                faults.push(fault(&worse.path, FaultKind::Order));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

fn clone((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

fn set(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(object.insert(path.to_owned(), value)),
        Some((family, rest)) => {
            let inner = object.entry(family).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// Words in names of keys that rank them, mildest first. Names that are equal without them are lines of one ladder.
const RANKS: &[&str] = &["Min", "Display", "Low", "Medium", "Finding", "High", "Critical", "Max"];

/// Pairs of keys of one ladder, the milder first.
fn ladder() -> impl Iterator<Item = (&'static ThresholdKey, &'static ThresholdKey)> {
    let ranked = || catalogue().iter().map(|key| (key, stem(&key.path)));
    ranked().flat_map(move |(one, (stem, rank))| {
        let others = ranked().filter(move |(_, (other, above))| *other == stem && *above > rank);
        others.map(move |(other, _)| (one, other))
    })
}

/// The path without its ranking word, and the rank; without such a word the rank is the least.
fn stem(path: &str) -> (String, usize) {
    let (family, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut capital = name.to_owned();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let found = RANKS.iter().enumerate().find(|(_, word)| capital.contains(**word));
    let rank = found.map_or(0, |(rank, _)| rank + 1);
    let rest = found.map_or_else(|| capital.clone(), |(_, word)| capital.replacen(*word, "", 1));
    (format!("{family}.{rest}"), rank)
}

/// Thresholds as JSON. They are plain data, so it cannot fail; if it did, nothing would be a threshold.
pub fn json_of(thresholds: &Thresholds) -> Value {
    serde_json::to_value(thresholds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kinds(values: &Value) -> Vec<(String, FaultKind)> {
        Change::parse(values).unwrap_err().into_iter().map(|fault| (fault.path.join("."), fault.kind)).collect()
    }

    #[test]
    fn what_nobody_knows_and_what_is_out_of_range_is_refused_by_its_path() {
        let unit = FaultKind::Range(Bounds { least: 0.0, greatest: 1.0 });
        let of = |path: &str, kind| vec![(path.to_owned(), kind)];
        assert_eq!(kinds(&json!({ "consent": { "incomplete": 0.1 } })), of("consent.incomplete", FaultKind::Unknown));
        assert_eq!(kinds(&json!({ "nothing": { "x": 1 } })), of("nothing", FaultKind::Unknown));
        assert_eq!(kinds(&json!({ "consent": { "incompleteShare": 1.5 } })), of("consent.incompleteShare", unit));
        assert_eq!(kinds(&json!({ "consent": { "incompleteShare": -0.1 } })), of("consent.incompleteShare", unit));
        assert_eq!(kinds(&json!({ "consent": 5 })), of("consent", FaultKind::Kind));
        assert_eq!(kinds(&json!({ "template": { "minMessages": 1.5 } })), of("template.minMessages", FaultKind::Kind));
        assert_eq!(kinds(&json!({ "template": { "minMessages": "1" } })), of("template.minMessages", FaultKind::Kind));
        assert_eq!(kinds(&json!([])), of("", FaultKind::Kind));
        assert_eq!(kinds(&json!({ "consent": { "a": 1, "incompleteShare": 2 } })).len(), 2, "all faults are told");
    }

    #[test]
    fn null_takes_back_one_value_or_a_family() {
        let set = Change::parse(&json!({ "consent": { "incompleteShare": 0.1, "retroactiveShare": 0.2 } })).unwrap();
        let both = Overrides::default().after(&set);
        let one = both.after(&Change::parse(&json!({ "consent": { "incompleteShare": null } })).unwrap());
        assert_eq!(one.to_json(), json!({ "consent": { "retroactiveShare": 0.2 } }));
        let none = both.after(&Change::parse(&json!({ "consent": null })).unwrap());
        assert!(none.is_empty());
    }

    #[test]
    fn what_is_stored_reads_back_and_forgotten_keys_move_nothing() {
        let values = json!({ "consent": { "incompleteShare": 0.1 }, "of_another_release": { "x": 1 } });
        let overrides = Overrides::stored(&values);
        assert_eq!(overrides.to_json(), values);
        let thresholds = overrides.over_defaults().unwrap();
        assert!((thresholds.consent.incomplete_share - 0.1).abs() < f64::EPSILON);
        let damaged = Overrides::stored(&json!({ "template": { "minMessages": "many" } }));
        assert_eq!(damaged.over_defaults().unwrap_err().path, ["template", "minMessages"]);
    }

    #[test]
    fn lines_of_rising_severity_keep_their_order() {
        let order = |values: Value| {
            let faults = Overrides::stored(&values).check_order().err().unwrap_or_default();
            faults.iter().map(|fault| fault.path.join(".")).collect::<Vec<_>>()
        };
        assert!(order(json!({})).is_empty());
        assert_eq!(order(json!({ "limit": { "mediumShare": 0.97 } })), ["limit.highShare"]);
        assert!(order(json!({ "limit": { "mediumShare": 0.95, "highShare": 0.95 } })).is_empty());
        assert_eq!(order(json!({ "spike": { "minDays": 60 } })), ["spike.maxDays"]);
        assert_eq!(order(json!({ "spike": { "displayScore": 6.0 } })), ["spike.findingScore"]);
        assert_eq!(order(json!({ "optOut": { "criticalRate": 0.001 } })).len(), 1 + 1);
        assert!(Overrides::default().check_order().is_ok(), "the defaults keep it");
    }
}
