//! What people decide about being written to, as events of the consent ledger: stop words, quick replies that say stop, preferences
//! set in WhatsApp, and refusals by which Meta says that a person stopped marketing.

use std::sync::Arc;

use audit::StopWords;
use domain::{
    ClientId, Instant,
    imports::{Compression, FileFormat, ImportKind, RowFormat},
    ports::CancelFlag,
    traffic::{ConsentAction, ConsentScope},
};
use meta::webhook::{Inbound, Preference, PreferenceValue, Status};
use serde_json::{Map, Value, json};

use super::rows::Rows;
use crate::{
    OpCtx, OpError,
    imports::{self, NewImport},
};

/// Meta's code for a person who stopped marketing from this business.
const STOPPED_MARKETING: u32 = 131_050;

/// A decision of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) number: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) action: ConsentAction,
    pub(super) scope: ConsentScope,
    pub(super) effective_at: Instant,
    pub(super) recorded_at: Instant,
    /// As consents name their source.
    pub(super) source: &'static str,
    /// Where the proof is: the message, or the change.
    pub(super) evidence: Option<String>,
}

/// What an inbound message decides. Whoever writes a stop word, alone, is written to no more; a button may say of what.
pub(super) fn of_inbound(
    words: &mut StopWords,
    inbound: &Inbound,
    at: Instant,
    received_at: Instant,
) -> Option<Decision> {
    let by_text = inbound.text.as_deref().is_some_and(|text| words.is_stop(text));
    let by_button = inbound.button.iter().any(|text| words.is_stop(text) || says_stop(text));
    if !by_text && !by_button {
        return None;
    }
    let (scope, source) = if by_text { (ConsentScope::All, "keyword") } else { (ConsentScope::Marketing, "whatsapp") };
    Some(Decision {
        number: inbound.from.clone(),
        user_id: inbound.user_id.clone(),
        action: ConsentAction::OptOut,
        scope,
        effective_at: at,
        recorded_at: received_at,
        source,
        evidence: Some(inbound.id.clone()),
    })
}

/// Whether a quick reply, which the business itself has worded, offers the end of promotions.
fn says_stop(text: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "stop promo",
        "stop market",
        "unsubscribe",
        "opt out",
        "opt-out",
        "opt_out",
        "annulla iscrizione",
        "disiscriv",
    ];
    let text = text.trim().to_lowercase();
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// What a status decides.
pub(super) fn of_status(status: &Status, at: Instant, received_at: Instant) -> Option<Decision> {
    status.errors.contains(&STOPPED_MARKETING).then(|| Decision {
        number: status.recipient.clone(),
        user_id: status.user_id.clone(),
        action: ConsentAction::OptOut,
        scope: ConsentScope::Marketing,
        effective_at: at,
        recorded_at: received_at,
        source: "meta_preference",
        evidence: Some(status.id.clone()),
    })
}

/// What a preference decides.
pub(super) fn of_preference(preference: &Preference, at: Instant, received_at: Instant) -> Decision {
    let (action, evidence) = match preference.value {
        PreferenceValue::Stop => (ConsentAction::OptOut, "user_preferences stop".to_owned()),
        PreferenceValue::Resume => (ConsentAction::OptIn, "user_preferences resume".to_owned()),
        PreferenceValue::Signup => {
            let signup = preference.signup.as_deref().unwrap_or_default();
            (ConsentAction::OptIn, format!("user_preferences signup {signup}").trim_end().to_owned())
        }
    };
    Decision {
        number: preference.number.clone(),
        user_id: preference.user_id.clone(),
        action,
        scope: ConsentScope::Marketing,
        effective_at: at,
        recorded_at: received_at,
        source: "meta_preference",
        evidence: Some(evidence),
    }
}

impl Decision {
    /// A row of a consents file; none when nobody is named.
    fn row(&self) -> Option<Value> {
        let recipient = self.number.as_ref().or(self.user_id.as_ref())?;
        let mut row = Map::new();
        row.insert("recipient".to_owned(), json!(recipient));
        if self.number.is_some()
            && let Some(user_id) = &self.user_id
        {
            row.insert("user_id".to_owned(), json!(user_id));
        }
        row.insert("action".to_owned(), json!(self.action));
        row.insert("scope".to_owned(), json!(self.scope));
        row.insert("effective_at".to_owned(), json!(self.effective_at));
        row.insert("recorded_at".to_owned(), json!(self.recorded_at));
        row.insert("source".to_owned(), json!(self.source));
        if let Some(evidence) = &self.evidence {
            row.insert("evidence".to_owned(), json!(evidence));
        }
        Some(Value::Object(row))
    }
}

/// Enters decisions of a client's people into its ledger. The same decisions again change nothing.
pub(super) async fn enter(op: &OpCtx, client: ClientId, decisions: &[Decision]) -> Result<(), OpError> {
    let mut file = Rows::begin(op)?;
    for row in decisions.iter().filter_map(Decision::row) {
        file.add(&row)?;
    }
    if file.count() == 0 {
        return Ok(());
    }
    let path = file.end()?;
    let new = NewImport {
        client,
        kind: ImportKind::Consents,
        path: path.to_path_buf(),
        format: FileFormat { rows: RowFormat::Ndjson, compression: Compression::None },
        file_name: "webhooks".to_owned(),
        strict: false,
        history: false,
    };
    let imported = imports::run(op, new, Arc::new(|_| {}), CancelFlag::default()).await;
    imported.map(drop).map_err(|error| match error {
        OpError::Unavailable(error) => OpError::Unavailable(error),
        error => OpError::internal("opt-outs", error),
    })
}
