//! The bodies that Meta would post, written after its documentation and not by the types that read them.

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// Whom the bodies are about.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Meta's id of the account.
    pub waba: String,
    /// Meta's id of the number.
    pub phone_number: String,
    /// Number of the first message; streams of different runs do not overlap when theirs are far apart.
    pub first: u64,
    /// Seeds the order.
    pub seed: u64,
    /// Unix seconds of the first message.
    pub start: i64,
}

/// What becomes of a message, one update after the other.
const LIFE: [&str; 3] = ["sent", "delivered", "read"];
/// Messages whose updates are shuffled with one another.
const SHUFFLED: u64 = 64;

/// An update: of which message, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update {
    /// Number of the message.
    pub message: u64,
    /// Its status.
    pub status: &'static str,
}

impl Cast {
    /// The update of this number: the updates of some messages come out of order, as Meta sends them.
    pub fn update(&self, number: u64) -> Update {
        let width = SHUFFLED * LIFE.len() as u64;
        let (block, place) = (number / width, number % width);
        let mut order: Vec<u64> = (0..width).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(self.seed ^ block.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let at = order[place as usize];
        let message = self.first + block * SHUFFLED + at / LIFE.len() as u64;
        // One in a hundred fails instead of being delivered, and is not read.
        let status = match (LIFE[(at % LIFE.len() as u64) as usize], message % 100) {
            ("delivered" | "read", 99) => "failed",
            (status, _) => status,
        };
        Update { message, status }
    }

    /// Id of a message.
    pub fn message_id(&self, message: u64) -> String {
        format!("wamid.SIM{message:016X}")
    }

    /// Who was written to.
    pub fn recipient(&self, message: u64) -> String {
        format!("39{:010}", 3_300_000_000 + message % 1_000_000)
    }

    fn status(&self, update: Update) -> Value {
        let at = self.start + (update.message - self.first) as i64 / 100;
        let mut status = json!({
            "id": self.message_id(update.message),
            "status": update.status,
            "timestamp": at.to_string(),
            "recipient_id": self.recipient(update.message),
        });
        if update.status == "failed" {
            status["errors"] = json!([{
                "code": 131_026,
                "title": "Message undeliverable",
                "message": "Message undeliverable",
                "error_data": { "details": "Message Undeliverable." },
                "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
            }]);
        } else {
            status["pricing"] =
                json!({ "billable": true, "pricing_model": "PMP", "type": "regular", "category": "marketing" });
        }
        status
    }

    /// A body of the updates `from` to `to`.
    pub fn statuses(&self, from: u64, to: u64) -> Vec<u8> {
        let statuses: Vec<Value> = (from..to).map(|number| self.status(self.update(number))).collect();
        body(json!({
            "id": self.waba,
            "changes": [{ "field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": { "display_phone_number": "15550783881", "phone_number_id": self.phone_number },
                "statuses": statuses
            }}]
        }))
    }

    /// The bodies by which Meta tells of a block: a violation, then what is taken away, for seven days.
    pub fn block(&self, now: i64) -> [Vec<u8>; 2] {
        let until = now + 7 * 86_400;
        let entry = |restriction: &str| json!({ "restriction_type": restriction, "expiration": until });
        let update = |value: Value| {
            body(json!({ "id": self.waba, "time": now, "changes": [{ "field": "account_update", "value": value }] }))
        };
        [
            update(json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "SPAM" } })),
            update(json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [
                entry("RESTRICTED_BIZ_INITIATED_MESSAGING"),
                entry("RESTRICTED_CUSTOMER_INITIATED_MESSAGING"),
                entry("RESTRICTED_ADD_PHONE_NUMBER_ACTION")
            ]})),
        ]
    }
}

fn body(entry: Value) -> Vec<u8> {
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn cast() -> Cast {
        Cast { waba: "1".into(), phone_number: "2".into(), first: 1_000, seed: 7, start: 1_790_000_000 }
    }

    #[test]
    fn every_message_has_its_whole_life_in_some_order() {
        let (cast, mut lives) = (cast(), BTreeMap::<u64, Vec<&str>>::new());
        for number in 0..SHUFFLED * 3 * 4 {
            let update = cast.update(number);
            lives.entry(update.message).or_default().push(update.status);
        }
        assert_eq!(lives.len(), SHUFFLED as usize * 4);
        assert!(lives.values().all(|life| life.len() == 3));
        assert!(lives.values().any(|life| life[0] == "read"), "nothing is out of order");
    }

    #[test]
    fn the_reader_understands_every_body() {
        let cast = cast();
        let [violation, restriction] = cast.block(1_790_000_000);
        for body in [cast.statuses(0, 1_000), violation, restriction] {
            for change in meta::webhook::read(&body).unwrap() {
                assert_eq!(change.odd, []);
            }
        }
    }
}
