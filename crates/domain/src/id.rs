//! Typed ids: a prefix that tells the type, and a ULID that sorts by the time of creation (`tkt_01J…`).

use std::{fmt, str::FromStr};

use ulid::Ulid;
use uuid::Uuid;

use crate::{Instant, ports::Random};

/// A text that is no id of the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid id of the type {expected}_…")]
pub struct InvalidId {
    /// The prefix of the wanted type.
    pub expected: &'static str,
}

fn new_uuid(now: Instant, random: &dyn Random) -> Uuid {
    let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Uuid::from_u128(Ulid::from_parts(milliseconds, random.number()).0)
}

fn parse(text: &str, expected: &'static str) -> Result<Uuid, InvalidId> {
    let ulid = text.strip_prefix(expected).and_then(|rest| rest.strip_prefix('_')).ok_or(InvalidId { expected })?;
    // One spelling only: the parser would also take lower case.
    let id = Ulid::from_string(ulid).map_err(|_| InvalidId { expected })?;
    if id.to_string() == ulid { Ok(Uuid::from_u128(id.0)) } else { Err(InvalidId { expected }) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(Uuid);

            impl $name {
                /// The prefix of this type.
                pub const PREFIX: &'static str = $prefix;

                /// A new id; sorts after all ids of earlier milliseconds.
                pub fn new(now: Instant, random: &dyn Random) -> Self {
                    Self(new_uuid(now, random))
                }

                /// The least id of its millisecond: sorts before all that are made then and later, and after all made before.
                pub fn least(at: Instant) -> Self {
                    let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
                    Self(Uuid::from_u128(Ulid::from_parts(milliseconds, 0).0))
                }

                /// As stores keep it.
                pub const fn from_uuid(uuid: Uuid) -> Self {
                    Self(uuid)
                }

                /// As stores keep it.
                pub const fn uuid(self) -> Uuid {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}_{}", Self::PREFIX, Ulid(self.0.as_u128()))
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }

            impl FromStr for $name {
                type Err = InvalidId;

                fn from_str(text: &str) -> Result<Self, InvalidId> {
                    parse(text, Self::PREFIX).map(Self)
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )*

        /// The prefixes of all types.
        pub const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

ids! {
    /// An entry of the activity log.
    ActivityId = "act";
    /// An API token.
    ApiTokenId = "tok";
    /// A file on a ticket.
    AttachmentId = "att";
    /// A change of an account, number or template.
    AssetChangeId = "chg";
    /// An audit of traffic.
    AuditId = "aud";
    /// A preview of an audit with other thresholds.
    AuditPreviewId = "prv";
    /// A client: a company whose WhatsApp the BSP runs.
    ClientId = "cli";
    /// An event of the consent ledger.
    ConsentEventId = "cns";
    /// What a client declares of itself.
    DeclaredAssetId = "dcl";
    /// A notification on its way to one address.
    DeliveryId = "dlv";
    /// A corrective action of a ticket.
    CorrectiveActionId = "cor";
    /// An episode of enforcement by Meta.
    EnforcementEpisodeId = "epi";
    /// A notice of enforcement by Meta.
    EnforcementNoticeId = "enf";
    /// An export of all rows of a finding.
    EvidenceExportId = "exp";
    /// A finding of an audit.
    FindingId = "fnd";
    /// An import of a file.
    ImportId = "imp";
    /// A job of the ledger.
    JobId = "job";
    /// Something that people are told by mail.
    NotificationId = "ntf";
    /// A sending number.
    PhoneNumberId = "num";
    /// A reply that is written beforehand.
    ReplyMacroId = "mac";
    /// A list of tickets that somebody keeps.
    SavedViewId = "viw";
    /// Something that Meta told of a client's assets.
    PlatformEventId = "pev";
    /// An incident of the platform.
    PlatformIncidentId = "inc";
    /// A schedule.
    ScheduleId = "sch";
    /// A segment of the lake.
    SegmentId = "seg";
    /// A sign-in: one chain of refresh tokens.
    SignInId = "sin";
    /// A list of holidays, one version.
    HolidayListId = "hol";
    /// A calendar of working hours, one version.
    SlaCalendarId = "cal";
    /// An effect of a promise: a warning, a breach, a reminder.
    SlaEffectId = "sle";
    /// An SLA policy, one version.
    SlaPolicyId = "pol";
    /// Words by which people say stop.
    StopWordsId = "stw";
    /// A submission of a ticket to Meta.
    SubmissionId = "sub";
    /// A team of the staff.
    TeamId = "tea";
    /// A message template.
    TemplateId = "tpl";
    /// An event of a ticket's timeline.
    TicketEventId = "tev";
    /// A ticket.
    TicketId = "tkt";
    /// A version of the thresholds of the rules.
    ThresholdVersionId = "thv";
    /// A record that somebody was shown recipients in clear.
    UnmaskingId = "unm";
    /// A person who signs in.
    UserId = "usr";
    /// A WhatsApp Business Account.
    WabaId = "wba";
    /// An event on its way to a client's system.
    WebhookDeliveryId = "whd";
    /// A place in a client's systems that is told what happens.
    WebhookEndpointId = "whk";
    /// Something that a client's systems are told.
    WebhookEventId = "whe";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededRandom;

    #[test]
    fn an_id_reads_back_as_itself_and_as_no_other_type() {
        let now = Instant::from_timestamp_millis(1_790_000_000_000).unwrap();
        let id = TicketId::new(now, &SeededRandom::new(1));
        let text = id.to_string();
        assert!(text.starts_with("tkt_01"));
        assert_eq!(text.parse::<TicketId>(), Ok(id));
        assert_eq!(text.parse::<ClientId>(), Err(InvalidId { expected: "cli" }));
        assert!(text.to_lowercase().parse::<TicketId>().is_err());
        for bad in
            ["", "tkt", "tkt_", "tkt_x", "tkt_01J", "tkt_ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "tkt_01JÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀ"]
        {
            assert!(bad.parse::<TicketId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn no_two_types_share_a_prefix() {
        let distinct: std::collections::BTreeSet<_> = PREFIXES.iter().collect();
        assert_eq!(distinct.len(), PREFIXES.len());
    }
}
