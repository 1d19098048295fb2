//! Whose name a consent carries, and whether the text under which it was given says enough.

use domain::traffic::Surroundings;

use crate::lint::wording::{WordingJudgement, judge};

/// The client's brand and legal names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientNames(Vec<String>);

impl ClientNames {
    /// `None` when nobody told any.
    pub(crate) fn of(surroundings: &Surroundings) -> Option<Self> {
        let client = surroundings.client.as_ref()?;
        let names = client.brand_names.iter().chain(&client.legal_names);
        let names: Vec<String> = names.filter(|name| !name.trim().is_empty()).cloned().collect();
        (!names.is_empty()).then_some(Self(names))
    }

    /// Whether a name is the client's, whatever its legal form, case and accents: each names the other.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        let names = |text: &str, name: &str| judge(text, None, [name]).names_business.is_some();
        self.0.iter().any(|own| names(name, own) && names(own, name))
    }

    fn each(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// A wording that says too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flawed<'s> {
    /// Its version.
    pub(crate) version: &'s str,
    /// What it says.
    pub(crate) said: WordingJudgement,
}

/// The wordings that do not name the client, or do not say that the person agrees; one that only misses what will come is none.
/// `None` when the wordings or the client's names were not told.
pub(crate) fn flawed_wordings(surroundings: &Surroundings) -> Option<Vec<Flawed<'_>>> {
    let (wordings, client) = (surroundings.wordings.as_ref()?, ClientNames::of(surroundings)?);
    let judged = wordings.iter().map(|wording| Flawed {
        version: wording.version.as_str(),
        said: judge(&wording.text, wording.language.as_deref(), client.each()),
    });
    Some(
        judged
            .filter(|wording| wording.said.names_business.is_none() || wording.said.says_agreement.is_none())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use domain::traffic::{ClientFacts, Wording};

    use super::*;

    fn surroundings(wordings: &[(&str, &str)]) -> Surroundings {
        let wording = |(version, text): &(&str, &str)| Wording {
            version: (*version).to_owned(),
            language: Some("it".to_owned()),
            text: (*text).to_owned(),
        };
        Surroundings {
            client: Some(ClientFacts {
                brand_names: vec!["Aurora Moda".to_owned()],
                legal_names: vec!["Moda Italia S.r.l.".to_owned()],
                ..ClientFacts::default()
            }),
            wordings: Some(wordings.iter().map(wording).collect()),
            ..Surroundings::default()
        }
    }

    #[test]
    fn a_name_is_one_s_own_whatever_its_legal_form_but_not_more() {
        let names = ClientNames::of(&surroundings(&[])).unwrap();
        for own in ["Aurora Moda", "AURORA MODA SpA", "moda italia", "Moda Italia s.r.l."] {
            assert!(names.is_own(own), "{own}");
        }
        for other in ["Aurora", "Aurora Moda Partner", "Lead Bank Ltd", ""] {
            assert!(!names.is_own(other), "{other}");
        }
        assert_eq!(ClientNames::of(&Surroundings::default()), None);
    }

    #[test]
    fn a_wording_names_the_business_and_says_that_the_person_agrees() {
        let told = surroundings(&[
            ("good", "Acconsento a ricevere messaggi promozionali su WhatsApp da Aurora Moda."),
            ("nameless", "Acconsento a ricevere messaggi promozionali su WhatsApp."),
            ("silent", "Aurora Moda, la moda che ti segue."),
        ]);
        let flawed: Vec<&str> = flawed_wordings(&told).unwrap().iter().map(|flawed| flawed.version).collect();
        assert_eq!(flawed, ["nameless", "silent"]);
        assert_eq!(flawed_wordings(&Surroundings { client: None, ..told.clone() }), None);
        assert_eq!(flawed_wordings(&Surroundings { wordings: None, ..told }), None);
    }
}
