//! What signs the addresses that mails carry: those at which a person ends mails of a topic, and those at which a ticket is answered.

use domain::{TicketId, UserId, notifications::Topic};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

type Signer = Hmac<Sha256>;

/// Bytes of a signature: 96 bits, guessed at by mail alone.
const SIGNATURE: usize = 12;

/// Signs addresses in mails. Made from the deployment's secret; whoever knows it can sign.
#[derive(Clone)]
pub struct MailKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MailKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailKey(…)")
    }
}

impl MailKey {
    /// A key of its own, made from `secret`: what it signs says nothing of the secret.
    pub fn of(secret: &[u8]) -> Self {
        let secret = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(secret)));
        Self(Zeroizing::new(mac(&secret, "sblocco mail addresses v1")))
    }

    fn sign(&self, text: &str) -> String {
        hex::encode(&mac(&self.0, text)[..SIGNATURE])
    }

    fn is_signed(&self, text: &str, signature: &str) -> bool {
        self.sign(text).as_bytes().ct_eq(signature.as_bytes()).into()
    }

    /// What ends mails of a topic for a person.
    pub fn unsubscribe(&self, user: UserId, topic: Topic) -> String {
        let what = format!("{user}.{topic}");
        let signature = self.sign(&format!("unsubscribe {what}"));
        format!("{what}.{signature}")
    }

    /// Whose mails of which topic a token ends, if it was made here.
    pub fn unsubscribes(&self, token: &str) -> Option<(UserId, Topic)> {
        let (what, signature) = token.rsplit_once('.')?;
        if !self.is_signed(&format!("unsubscribe {what}"), signature) {
            return None;
        }
        let (user, topic) = what.split_once('.')?;
        Some((user.parse().ok()?, topic.parse().ok()?))
    }

    /// The address at which one person answers on a ticket, made from the deployment's own (`reply@host`). It is good from that
    /// person's address alone, so that one that was passed on opens no ticket to others. Lower case: mail servers may fold it.
    pub fn reply_address(&self, own: &str, ticket: TicketId, user: UserId) -> Option<String> {
        let (mailbox, host) = own.split_once('@')?;
        let signature = self.sign(&reply(ticket, user));
        let ticket = ticket.to_string().to_lowercase();
        Some(format!("{mailbox}+{}.{signature}@{host}", ticket.strip_prefix("tkt_")?))
    }

    /// The ticket that an address answers on, and its signature, if it is one of those addresses.
    pub fn ticket_of<'a>(own: &str, address: &'a str) -> Option<(TicketId, &'a str)> {
        let (mailbox, host) = own.split_once('@')?;
        let (name, at) = address.rsplit_once('@')?;
        if at != host {
            return None;
        }
        let (ticket, signature) = name.strip_prefix(mailbox)?.strip_prefix('+')?.split_once('.')?;
        Some((format!("tkt_{}", ticket.to_uppercase()).parse().ok()?, signature))
    }

    /// Whether this person may answer on this ticket at an address with this signature.
    pub fn may_reply(&self, ticket: TicketId, user: UserId, signature: &str) -> bool {
        self.is_signed(&reply(ticket, user), signature)
    }
}

fn reply(ticket: TicketId, user: UserId) -> String {
    format!("reply {ticket} {user}")
}

/// HMAC-SHA256. A key shorter than the hash's block is filled with zeros, as RFC 2104 has it.
fn mac(key: &[u8; 32], text: &str) -> [u8; 32] {
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    let mut signer = Signer::new(&(*block).into());
    signer.update(text.as_bytes());
    signer.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use domain::{Instant, ports::SeededRandom};

    use super::*;

    #[test]
    fn what_was_signed_here_is_known_again_and_nothing_else() {
        let (key, other) = (MailKey::of(&[7; 32]), MailKey::of(&[8; 32]));
        let random = SeededRandom::new(1);
        let (user, stranger) = (UserId::new(Instant::default(), &random), UserId::new(Instant::default(), &random));
        let ticket = TicketId::new(Instant::default(), &random);
        let token = key.unsubscribe(user, Topic::Sla);
        assert_eq!(key.unsubscribes(&token), Some((user, Topic::Sla)));
        assert_eq!(other.unsubscribes(&token), None);
        assert_eq!(key.unsubscribes(&token.replace("sla", "tickets")), None);
        let address = key.reply_address("reply@bsp.example", ticket, user).unwrap();
        assert!(address.len() <= 64 + "@bsp.example".len() && address == address.to_lowercase(), "{address}");
        let (found, signature) = MailKey::ticket_of("reply@bsp.example", &address).unwrap();
        assert_eq!(found, ticket);
        assert!(key.may_reply(ticket, user, signature));
        assert!(!key.may_reply(ticket, stranger, signature) && !other.may_reply(ticket, user, signature));
        for bad in ["reply@bsp.example", "reply+x.y@bsp.example", "reply+@bsp.example", "x@y", ""] {
            assert_eq!(MailKey::ticket_of("reply@bsp.example", bad), None, "{bad}");
        }
        assert_eq!(MailKey::ticket_of("reply@other.example", &address), None);
    }
}
