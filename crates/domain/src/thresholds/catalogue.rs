//! The keys of thresholds: default, bounds, the rules that a key moves. Read off the defaults themselves; what cannot be read
//! off (which rules, and bounds that a name does not tell) stands in tables here.

use std::sync::LazyLock;

use serde_json::Value;

use crate::traffic::{RuleId, RuleSpec, Thresholds};

/// The least and the greatest value that a number may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least.
    pub least: f64,
    /// Greatest.
    pub greatest: f64,
}

/// A threshold that can be set.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdKey {
    /// Family and name, such as `consent.noneCriticalShare`.
    pub path: String,
    /// Its default.
    pub default: Value,
    /// Bounds of a number; `None` for what is no number.
    pub bounds: Option<Bounds>,
    /// The rules that it moves.
    pub rules: &'static [RuleId],
}

impl ThresholdKey {
    /// Where the default comes from: the sources of its rules.
    pub fn source(&self) -> String {
        let sources = self.rules.iter().filter_map(|rule| rule.spec());
        let texts: Vec<String> =
            sources.map(|spec: &RuleSpec| format!("{}: {}", spec.id, spec.threshold_source)).collect();
        texts.join("; ")
    }

    /// Whether it counts whole things.
    pub fn is_whole(&self) -> bool {
        self.default.is_u64() || self.default.is_i64()
    }
}

/// Which rules a key, or all keys of a family, move; the longest match counts.
const RULES_OF: &[(&str, &[RuleId])] = &[
    ("consent.noneCriticalShare", &[RuleId::Con01]),
    ("consent.nativeGraceSeconds", &[RuleId::Con02]),
    ("consent.offChannelGraceSeconds", &[RuleId::Con02]),
    ("consent.incompleteShare", &[RuleId::Con04]),
    ("consent.retroactiveShare", &[RuleId::Con07]),
    ("consent.staleDays", &[RuleId::Con06]),
    ("consent.bulkOptIns", &[RuleId::Con08]),
    ("coverage", &[RuleId::Con10]),
    ("engagement.readPart", &[RuleId::Eng01]),
    ("engagement.readMinMessages", &[RuleId::Eng01]),
    ("engagement.readBaseDays", &[RuleId::Eng01]),
    ("engagement", &[RuleId::Eng03]),
    ("template", &[RuleId::Tpl01]),
    ("window", &[RuleId::Win01]),
    ("spike", &[RuleId::Vol01]),
    ("pressure.pairLimitErrors", &[RuleId::Vol04]),
    ("pressure.retries", &[RuleId::Vol05]),
    ("limit", &[RuleId::Lim01]),
    ("optOut", &[RuleId::Eng02]),
    ("lint", &[RuleId::Tpl07]),
    ("lint.likeness", &[RuleId::Tpl12]),
    ("lint.marketingSignals", &[RuleId::Tpl05]),
    ("lint.resubmissionDays", &[RuleId::Tpl12]),
    ("lint.sampleCharacters", &[RuleId::Tpl08]),
    ("lint.standingOptOut", &[RuleId::Con11]),
    ("lint.wordsPerVariable", &[RuleId::Tpl08]),
    ("platform.firstPauseHours", &[RuleId::Tpl02]),
    ("platform.laterPauseHours", &[RuleId::Tpl02]),
    ("platform.highPauses", &[RuleId::Tpl03]),
    ("platform.yellowDays", &[RuleId::Tpl04]),
    ("platform.flips", &[RuleId::Tpl06]),
    ("platform.flipDays", &[RuleId::Tpl06]),
    ("parameters", &[RuleId::Tpl09]),
    ("clock", &[RuleId::Win02]),
    ("campaign", &[RuleId::Vol03]),
    ("quietHours", &[RuleId::Vol07]),
    ("warmUp.rampDays", &[RuleId::Wrm01]),
    ("warmUp.rampFactor", &[RuleId::Wrm01]),
    ("warmUp.rampLookBack", &[RuleId::Wrm01]),
    ("warmUp.rampMessages", &[RuleId::Wrm01]),
    ("warmUp.coldDays", &[RuleId::Wrm02]),
    ("warmUp.coldAfterDays", &[RuleId::Wrm02]),
    ("warmUp.coldShare", &[RuleId::Wrm02]),
    ("warmUp.coldMinPeople", &[RuleId::Wrm02]),
    ("warmUp.unratedDays", &[RuleId::Wrm03]),
    ("warmUp.unratedShare", &[RuleId::Wrm03]),
    ("warmUp.unratedMessages", &[RuleId::Wrm03]),
    ("warmUp", &[RuleId::Wrm06]),
    ("throughput", &[RuleId::Lim05]),
    ("enforcement.graceSeconds", &[RuleId::Enf03]),
    ("enforcement", &[RuleId::Enf05]),
    ("silence", &[RuleId::Ops01]),
    ("risk", &[RuleId::Qlt02]),
    ("list.deadShare", &[RuleId::Lst05]),
    ("list.badLift", &[RuleId::Lst03]),
    ("list.badMinMessages", &[RuleId::Lst03]),
    ("list.falseDiscoveryRate", &[RuleId::Lst03]),
    ("list.uncleanShare", &[RuleId::Lst04]),
    ("list.uncleanMinMessages", &[RuleId::Lst04]),
    ("list.duplicateMinutes", &[RuleId::Lst04]),
    ("list", &[RuleId::Lst02]),
];

/// Bounds that the name of a key does not tell.
const BOUNDS: &[(&str, Bounds)] = &[
    ("quietHours.firstMinute", Bounds { least: 0.0, greatest: 1_440.0 }),
    ("quietHours.lastMinute", Bounds { least: 0.0, greatest: 1_440.0 }),
];

/// All keys, by family and name.
pub fn catalogue() -> &'static [ThresholdKey] {
    static KEYS: LazyLock<Vec<ThresholdKey>> = LazyLock::new(|| {
        let mut keys = Vec::new();
        leaves("", &super::change::json_of(&Thresholds::default()), &mut keys);
        keys.sort_by(|one, other| one.path.cmp(&other.path));
        keys
    });
    &KEYS
}

/// The key of this path, if there is one.
pub fn key(path: &str) -> Option<&'static ThresholdKey> {
    catalogue().binary_search_by(|key| key.path.as_str().cmp(path)).ok().map(|at| &catalogue()[at])
}

fn leaves(prefix: &str, value: &Value, keys: &mut Vec<ThresholdKey>) {
    if let Value::Object(fields) = value {
        for (name, value) in fields {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            leaves(&path, value, keys);
        }
    } else {
        keys.push(ThresholdKey {
            bounds: bounds(prefix, value),
            rules: rules(prefix),
            path: prefix.to_owned(),
            default: value.clone(),
        });
    }
}

fn rules(path: &str) -> &'static [RuleId] {
    let covers = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let longest = RULES_OF.iter().filter(|(prefix, _)| covers(prefix)).max_by_key(|(prefix, _)| prefix.len());
    longest.map_or(&[], |(_, rules)| rules)
}

/// What a name tells of a number: shares and rates are parts of one, factors are at least one, counts are whole.
fn bounds(path: &str, default: &Value) -> Option<Bounds> {
    if let Some((_, bounds)) = BOUNDS.iter().find(|(known, _)| *known == path) {
        return Some(*bounds);
    }
    let value = default.as_f64()?;
    let name = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    let greatest = |greatest| Bounds { least: 0.0, greatest };
    Some(if default.is_f64() {
        match name.as_str() {
            _ if name.ends_with("factor") => Bounds { least: 1.0, greatest: 1_000.0 },
            _ if name.ends_with("score") => greatest(1_000.0),
            _ if (0.0..=1.0).contains(&value) => greatest(1.0),
            _ => greatest(1_000_000_000.0),
        }
    } else {
        let most = match name.as_str() {
            _ if name.ends_with("seconds") => 31_536_000.0,
            _ if name.ends_with("hours") => 8_760.0,
            _ if name.ends_with("days") => 3_650.0,
            _ => 1_000_000_000.0,
        };
        // A grace or a most may be nothing; a span or a least number of messages may not.
        let is_span = ["days", "hours"].iter().any(|unit| name.ends_with(unit));
        let least = if is_span || name.starts_with("min") || name.starts_with("enough") { 1.0 } else { 0.0 };
        Bounds { least, greatest: most }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_names_the_rules_that_it_moves_and_takes_its_own_default() {
        assert!(!catalogue().is_empty());
        for key in catalogue() {
            assert!(!key.rules.is_empty(), "{}: say in RULES_OF which rules it moves", key.path);
            if let (Some(bounds), Some(default)) = (key.bounds, key.default.as_f64()) {
                assert!((bounds.least..=bounds.greatest).contains(&default), "{}: {default} and {bounds:?}", key.path);
            }
        }
    }

    #[test]
    fn keys_are_found_by_path() {
        let share = key("consent.noneCriticalShare").unwrap();
        assert_eq!(share.bounds, Some(Bounds { least: 0.0, greatest: 1.0 }));
        assert!(share.source().starts_with("CON-01: "), "{}", share.source());
        assert_eq!(key("list.deadShare").unwrap().rules, [RuleId::Lst05]);
        assert_eq!(key("list.minMessages").unwrap().rules, [RuleId::Lst02]);
        assert!(key("list.minMessages").unwrap().is_whole());
        assert_eq!(key("consent"), None);
        assert_eq!(key("consent.nothing"), None);
    }
}
