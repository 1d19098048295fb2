//! Meta's Graph API, as far as Sblocco asks it about one account.

use std::collections::BTreeMap;

use meta::graph::fake::FakeGraph;
use serde_json::{Value, json};

/// What stands of the account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Meta's id of the account.
    pub waba: String,
    /// Meta's id of its number.
    pub phone_number: String,
    /// Colour of the number.
    pub quality: String,
    /// Messaging limit of the portfolio, as Meta writes it.
    pub limit: String,
    /// Whether the account is banned.
    pub banned: bool,
}

/// A fake that says how the account stands, and what `said` says besides.
pub fn fake(account: &Account, said: BTreeMap<String, Value>, token: Option<&str>) -> FakeGraph {
    let Account { waba, phone_number, quality, limit, banned } = account;
    let fake = FakeGraph::default();
    if let Some(token) = token {
        fake.expects(token);
    }
    let can_send = if *banned { "BLOCKED" } else { "AVAILABLE" };
    let errors = if *banned { json!([{ "error_code": 141_014 }]) } else { json!([]) };
    fake.says(
        waba,
        json!({
            "id": waba, "account_review_status": "APPROVED", "business_verification_status": "verified",
            "whatsapp_business_manager_messaging_limit": limit,
            "health_status": { "can_send_message": can_send, "entities": [
                { "entity_type": "WABA", "id": waba, "can_send_message": can_send, "errors": errors }
            ]}
        }),
    );
    let number = json!({
        "id": phone_number, "display_phone_number": "+39 02 1234 567", "verified_name": "Nordic", "status": "CONNECTED",
        "quality_rating": quality, "name_status": "APPROVED", "throughput": { "level": "STANDARD" }
    });
    fake.says(&format!("{waba}/phone_numbers"), json!({ "data": [number] }));
    fake.says(&format!("{waba}/message_templates"), json!({ "data": [] }));
    for (path, answer) in said {
        fake.says(&path, answer);
    }
    fake
}
