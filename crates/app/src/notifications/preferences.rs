//! What people want to be told of: said by themselves, or by a link in a mail.

use domain::{
    UserId,
    access::{Actor, Permission, Visibility},
    notifications::{Preference, Preferences, Topic},
};
use i18n::Lang;

use crate::{Code, OpCtx, OpError, Refusal, Services};

/// Why a wish was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreferenceCode {
    /// Mails about the own account cannot be turned off or put off.
    TopicFixed,
    /// A program is sent no mails.
    NoPerson,
}

impl Code for PreferenceCode {
    fn key(self) -> &'static str {
        match self {
            Self::TopicFixed => "error-topic-fixed",
            Self::NoPerson => "error-no-person",
        }
    }
}

/// What whoever asks wants; `None` when it is no person.
///
/// # Errors
/// `Unauthenticated` for nobody.
pub async fn own_preferences<C: Code>(op: &OpCtx) -> Result<Option<Preferences>, OpError<C>> {
    if *op.actor() == Actor::Anonymous {
        return Err(OpError::Unauthenticated);
    }
    let Some(user) = op.actor().user() else { return Ok(None) };
    let tx = op.reader().await?;
    let said = store::notification_preferences::of_users(&tx, &[user]).await?.remove(&user);
    Ok(Some(said.unwrap_or_default()))
}

/// Writes down what whoever asks wants of a topic, and returns what it wants of all.
///
/// # Errors
/// Refused with a [`PreferenceCode`]; `Unauthenticated` for nobody.
pub async fn set_preference(
    op: &OpCtx,
    topic: Topic,
    preference: Preference,
) -> Result<Preferences, OpError<PreferenceCode>> {
    let (user, client) = match op.actor() {
        Actor::Anonymous => return Err(OpError::Unauthenticated),
        Actor::Staff { user, .. } => (*user, None),
        Actor::ClientUser { user, client, .. } => (*user, Some(*client)),
        // Who looks at what a client sees changes nothing.
        Actor::Viewing { .. } | Actor::Token { .. } | Actor::System => {
            return Err(OpError::refused(Refusal::new(PreferenceCode::NoPerson)));
        }
    };
    if topic == Topic::Security {
        return Err(OpError::refused(Refusal::of(PreferenceCode::TopicFixed, "topic")));
    }
    let tx = op.write().await?;
    if store::users::by_ids(&tx, &[user]).await?.is_empty() {
        return Err(OpError::NotFound);
    }
    store::notification_preferences::set(&tx, (user, client), topic, preference, op.now()).await?;
    tx.commit().await?;
    Ok(own_preferences(op).await?.unwrap_or_default())
}

/// What a link in a mail would end: the topic, in the person's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsubscription {
    user: UserId,
    /// What the person is no longer to be told of.
    pub topic: Topic,
    /// In which language the person reads.
    pub lang: Lang,
}

/// What a token from a mail would end; nothing is changed.
///
/// # Errors
/// `NotFound` when it was not made here, or the person is gone.
pub async fn unsubscription<C: Code>(services: &Services, token: &str) -> Result<Unsubscription, OpError<C>> {
    let (user, topic) = services.mailer.key.unsubscribes(token).ok_or(OpError::NotFound)?;
    let tx = services.store.read(&Visibility::System).await?;
    let person = store::users::by_ids(&tx, &[user]).await?.pop().ok_or(OpError::NotFound)?;
    Ok(Unsubscription { user, topic, lang: person.language.parse().unwrap_or_default() })
}

/// Ends mails of the topic that a token names, for the person that it names. Doing it twice changes nothing.
///
/// # Errors
/// `NotFound` when it was not made here, or the person is gone.
pub async fn unsubscribe<C: Code>(services: &Services, token: &str) -> Result<Unsubscription, OpError<C>> {
    let ended = unsubscription(services, token).await?;
    let tx = services.store.write(&Visibility::System).await?;
    let person = store::users::by_ids(&tx, &[ended.user]).await?.pop().ok_or(OpError::NotFound)?;
    let now = services.clock.now();
    store::notification_preferences::set(&tx, (person.id, person.client), ended.topic, Preference::Off, now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Lets mail go again to an address from which mail came back, and says whether it was kept from it. For the command line.
///
/// # Errors
/// `Forbidden` without `users:write`.
pub async fn lift_suppression(op: &OpCtx, email: &str) -> Result<bool, OpError> {
    op.require(Permission::UsersWrite)?;
    let tx = op.write_as_system().await?;
    let lifted = store::mail_suppressions::remove(&tx, email).await?;
    tx.commit().await?;
    Ok(lifted)
}
