//! The assets of a file as the surroundings of an audit.

use domain::traffic::{ClientFacts, DeclaredCampaign, NumberFacts, Permit, Surroundings, canonical_recipient};
use serde_json::Value;

use super::{Assets, Campaign, MessagingLimit};

impl Assets {
    /// What an audit may know from the file. A kind of which the file has no line is not told; recipients that are none are
    /// left out. Templates and events come from elsewhere.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        Surroundings {
            given: Vec::new(),
            messaging_limit: self.least_messaging_limit().map(|limit| match limit {
                MessagingLimit::Recipients(recipients) => recipients,
                MessagingLimit::Unlimited => u64::MAX,
            }),
            campaigns: told(&self.campaigns, |all| all.iter().filter_map(declared).collect()),
            templates: None,
            client: (!self.clients.is_empty() || !self.domains.is_empty()).then(|| self.client_facts()),
            numbers: told(&self.numbers, |all| {
                let facts = all.iter().map(|number| NumberFacts {
                    id: number.id.clone(),
                    account: number.waba_id.clone(),
                    first_used_at: number.first_used_at,
                });
                facts.collect()
            }),
            wordings: told(&self.wordings, |all| {
                let texts = all.iter().map(|wording| domain::traffic::Wording {
                    version: wording.version.clone(),
                    language: wording.language.clone(),
                    text: wording.text.clone(),
                });
                texts.collect()
            }),
            suppressed: told(&self.suppressions, |all| {
                let people = all.iter().flat_map(|suppression| &suppression.recipients);
                people.filter_map(|recipient| canonical_recipient(recipient)).collect()
            }),
            suppressed_by: Vec::new(),
            events: None,
            stop_words: Vec::new(),
        }
    }

    fn client_facts(&self) -> ClientFacts {
        let mut facts = ClientFacts::default();
        let mut domains = Vec::new();
        for client in &self.clients {
            facts.brand_names.extend(client.brand_names.iter().cloned());
            facts.legal_names.extend(client.legal_names.iter().cloned());
            domains.extend(client.verified_domains.iter().map(|domain| domain.trim().to_lowercase()));
            if client.permits_told() {
                facts.permits.get_or_insert_default().extend(client.permits.iter().filter_map(permit));
            }
        }
        let proved = self.domains.iter().filter(|domain| domain.verified != Some(false));
        domains.extend(proved.map(|domain| domain.domain.clone()));
        if !domains.is_empty() || !self.domains.is_empty() {
            facts.verified_domains = Some(domains);
        }
        facts
    }
}

impl super::Client {
    /// Whether the line says anything of permits; a line without them does not deny them.
    fn permits_told(&self) -> bool {
        !self.permits.is_empty()
    }
}

fn told<A, T>(assets: &[A], convert: impl FnOnce(&[A]) -> T) -> Option<T> {
    (!assets.is_empty()).then(|| convert(assets))
}

fn declared(campaign: &Campaign) -> Option<DeclaredCampaign> {
    Some(DeclaredCampaign {
        id: Some(campaign.id.clone()),
        number: campaign.phone_number_id.clone(),
        template_name: campaign.template_name.clone(),
        start: campaign.starts_at?.timestamp_micros(),
        size: campaign.size,
    })
}

/// `"alcohol"`, or `{"trade": "alcohol", "countries": ["IT"]}`.
fn permit(permit: &Value) -> Option<Permit> {
    let lower = |trade: &str| trade.trim().to_lowercase();
    match permit {
        Value::String(trade) => Some(Permit { trade: lower(trade), countries: Vec::new() }),
        Value::Object(fields) => {
            let trade = ["trade", "kind", "category"].iter().find_map(|field| fields.get(*field)?.as_str())?;
            let countries = fields.get("countries").and_then(Value::as_array);
            let codes = countries.into_iter().flatten().filter_map(Value::as_str);
            Some(Permit { trade: lower(trade), countries: codes.map(|code| code.trim().to_uppercase()).collect() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Asset;
    use super::*;

    fn surroundings(lines: &[&str]) -> Surroundings {
        lines.iter().map(|line| Asset::from_json(line).unwrap()).collect::<Assets>().surroundings()
    }

    #[test]
    fn a_kind_without_a_line_is_not_told() {
        assert_eq!(surroundings(&[]), Surroundings::default());
        let known = surroundings(&[r#"{"kind": "number", "id": "1055"}"#]);
        assert_eq!(known.numbers.unwrap()[0].id, "1055");
        assert_eq!((known.client, known.campaigns), (None, None));
    }

    #[test]
    fn names_domains_and_permits_of_the_client_come_together() {
        let known = surroundings(&[
            r#"{"kind": "client", "brand_names": ["Aurora"], "legal_name": "Aurora S.r.l.", "domains": ["Aurora.example"],
                "permits": ["Alcohol", {"trade": "gambling", "countries": ["it"]}]}"#,
            r#"{"kind": "domain", "domain": "aurora.shop", "verified": true}"#,
            r#"{"kind": "domain", "domain": "aurora.test", "verified": false}"#,
        ]);
        let client = known.client.unwrap();
        assert_eq!(client.verified_domains.unwrap(), ["aurora.example", "aurora.shop"]);
        let permits = client.permits.unwrap();
        assert_eq!((permits[0].trade.as_str(), permits[0].countries.len()), ("alcohol", 0));
        assert_eq!(permits[1].countries, ["IT"]);
    }

    #[test]
    fn suppressed_people_are_written_as_recipients_are() {
        let known = surroundings(&[r#"{"kind": "suppression", "recipients": ["+39 333 1234567", "nobody"]}"#]);
        assert_eq!(known.suppressed.unwrap(), ["393331234567"]);
    }
}
