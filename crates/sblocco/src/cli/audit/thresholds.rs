//! `--thresholds FILE`: other thresholds than the defaults, for this audit alone.

use std::path::Path;

use domain::{
    thresholds::{Change, Overrides, ThresholdFault},
    traffic::Thresholds,
};
use serde_json::Value;

use crate::failure::{Failure, io_reason};

/// Reads partial values, nested by family, from TOML or JSON, chosen by the file's extension. What the file does not name keeps its
/// default.
pub(super) fn read(path: &Path) -> Result<Thresholds, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let reason = io_reason(&error);
        Failure::usage(format!("{}: cannot be read ({reason}); check the path and its permissions", path.display()))
    })?;
    let unusable = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let values: Value = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => toml::from_str(&text).map_err(|error| unusable(error.message().to_owned()))?,
        Some("json") => serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?,
        _ => return Err(unusable("give thresholds as a .toml or a .json file".to_owned())),
    };
    let refused = |faults: Vec<ThresholdFault>| {
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        unusable(said.join("; "))
    };
    let overrides = Overrides::default().after(&Change::parse(&values).map_err(refused)?);
    overrides.check_order().map_err(refused)?;
    overrides.over_defaults().map_err(|fault| refused(vec![fault]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(name: &str, text: &str) -> Result<Thresholds, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        read(&path).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_file_names_only_what_it_changes() {
        let toml = read_as("t.toml", "[consent]\nincompleteShare = 0.1\n[template]\nminMessages = 50\n").unwrap();
        let json =
            read_as("t.json", r#"{"consent": {"incompleteShare": 0.1}, "template": {"minMessages": 50}}"#).unwrap();
        assert_eq!(toml, json);
        assert_eq!((toml.template.min_messages, toml.spike), (50, Thresholds::default().spike));
    }

    #[test]
    fn what_is_wrong_is_said_by_its_key() {
        let wrong = read_as("t.toml", "[consent]\nincompleteShare = 7\n[nothing]\nx = 1\n").unwrap_err();
        assert!(wrong.contains("consent.incompleteShare") && wrong.contains("nothing"), "{wrong}");
        let order = read_as("t.toml", "[limit]\nmediumShare = 0.99\n").unwrap_err();
        assert!(order.contains("limit.highShare"), "{order}");
        for (name, text) in [("t.toml", "x ="), ("t.json", "{"), ("t.yaml", "x: 1")] {
            assert!(read_as(name, text).is_err(), "{name}");
        }
    }
}
