//! How this deployment mails.

use std::{path::Path, sync::Arc};

use domain::{
    Instant,
    notifications::{Delivery, NotificationKind},
};
use i18n::Lang;
use jiff::tz::TimeZone;
use mail::{FileTransport, Message, Person, SendError, Site, Thread, Transport};

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
}

impl Mailer {
    /// Writes mails into `folder`, for whoever has no mail server.
    pub fn into_folder(folder: &Path) -> Self {
        Self {
            transport: Arc::new(FileTransport::new(folder)),
            site: Site { sender: "Sblocco".to_owned(), portal: None },
            from: "sblocco@localhost.localdomain".to_owned(),
            zone: TimeZone::UTC,
        }
    }

    /// The host after which ids of messages are named.
    fn host(&self) -> &str {
        self.from.rsplit_once('@').map_or("localhost", |(_, host)| host)
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
        Message {
            id: format!("{}@{}", delivery.id.to_string().to_lowercase(), self.host()),
            from: self.sender(),
            to: Person { name: delivery.name.clone(), email: delivery.email.clone() },
            reply_to: None,
            at,
            letter: mail::letter(kind, &delivery.name, lang, zone, &self.site),
            thread: kind
                .ticket()
                .map(|ticket| Thread { root: format!("{}@{}", ticket.id.to_string().to_lowercase(), self.host()) }),
            unsubscribe: None,
        }
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
