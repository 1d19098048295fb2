//! How this deployment mails.

use std::{path::Path, sync::Arc};

use domain::{
    DeliveryId, Instant,
    notifications::{Delivery, NotificationKind, Topic},
};
use i18n::Lang;
use jiff::tz::TimeZone;
use mail::{FileTransport, Message, Person, SendError, Site, Thread, Transport};

use super::MailKey;

/// How this deployment mails: by what, as whom.
#[derive(Debug, Clone)]
pub struct Mailer {
    /// What takes the mails.
    pub transport: Arc<dyn Transport>,
    /// What all letters have in common.
    pub site: Site,
    /// The address that mails come from.
    pub from: String,
    /// The zone of those who belong to no client.
    pub zone: TimeZone,
    /// What signs addresses in mails.
    pub key: MailKey,
    /// Address of this server, without a slash at its end; absent, mails cannot be turned off by a link.
    pub server: Option<String>,
    /// The address at which tickets are answered (`reply@host`); absent, mails cannot be answered.
    pub reply: Option<String>,
}

impl Mailer {
    /// Writes mails into `folder`, for whoever has no mail server.
    pub fn into_folder(folder: &Path) -> Self {
        Self {
            transport: Arc::new(FileTransport::new(folder)),
            site: Site { sender: "Sblocco".to_owned(), portal: None },
            from: "sblocco@localhost.localdomain".to_owned(),
            zone: TimeZone::UTC,
            key: MailKey::of(b""),
            server: None,
            reply: None,
        }
    }

    /// The host after which ids of messages are named.
    fn host(&self) -> &str {
        self.from.rsplit_once('@').map_or("localhost", |(_, host)| host)
    }

    /// The delivery that a message of ours was, by the message's id.
    pub(crate) fn delivery_of(&self, message: &str) -> Option<DeliveryId> {
        let (id, host) = message.rsplit_once('@')?;
        if host != self.host() {
            return None;
        }
        let id = id.strip_prefix(DeliveryId::PREFIX)?.strip_prefix('_')?;
        format!("{}_{}", DeliveryId::PREFIX, id.to_uppercase()).parse().ok()
    }

    /// The message of a delivery. The same delivery makes the same message.
    pub(super) fn message(
        &self,
        kind: &NotificationKind,
        at: Instant,
        delivery: &Delivery,
        zone: &TimeZone,
    ) -> Message {
        let lang = delivery.language.parse().unwrap_or_default();
        let mut letter = mail::letter(kind, &delivery.name, lang, zone, &self.site);
        let reply_to = self.reply_to(kind, delivery);
        if reply_to.is_some() {
            letter = letter.answerable();
        }
        let unsubscribe = self.unsubscribe(kind, delivery);
        if let Some(address) = &unsubscribe {
            letter = letter.unsubscribable(address);
        }
        Message {
            id: format!("{}@{}", delivery.id.to_string().to_lowercase(), self.host()),
            from: self.sender(),
            to: Person { name: delivery.name.clone(), email: delivery.email.clone() },
            reply_to,
            at,
            letter,
            thread: kind
                .ticket()
                .map(|ticket| Thread { root: format!("{}@{}", ticket.id.to_string().to_lowercase(), self.host()) }),
            unsubscribe,
        }
    }

    fn reply_to(&self, kind: &NotificationKind, delivery: &Delivery) -> Option<String> {
        if matches!(kind, NotificationKind::ReplyRefused { .. }) {
            return None;
        }
        self.key.reply_address(self.reply.as_deref()?, kind.ticket()?.id, delivery.user?)
    }

    fn unsubscribe(&self, kind: &NotificationKind, delivery: &Delivery) -> Option<String> {
        let topic = kind.topic().filter(|topic| *topic != Topic::Security)?;
        let token = self.key.unsubscribe(delivery.user?, topic);
        Some(format!("{}/v1/mail/unsubscribe/{token}", self.server.as_ref()?))
    }

    fn sender(&self) -> Person {
        Person { name: self.site.sender.clone(), email: self.from.clone() }
    }

    /// Mails somebody a letter that only shows that mail arrives; `id` makes the message one.
    ///
    /// # Errors
    /// It was not taken.
    pub async fn send_test(&self, email: &str, lang: Lang, id: &str, now: Instant) -> Result<(), SendError> {
        let message = Message {
            id: format!("{}@{}", id.to_lowercase(), self.host()),
            from: self.sender(),
            to: Person { name: String::new(), email: email.to_owned() },
            reply_to: None,
            at: now,
            letter: mail::test_letter(lang, &self.site),
            thread: None,
            unsubscribe: None,
        };
        self.transport.send(&message).await
    }
}
