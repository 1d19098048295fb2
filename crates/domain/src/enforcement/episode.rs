//! Episodes: from the first sign that Meta acts against an account to the end of it, folded from what Meta told.
//!
//! The fold looks at all that is known in the order in which it happened, so it ends alike in whatever order it was learned. Meta does
//! not say which step of its ladder a restriction is; the step is inferred from what is blocked, and says from what.

use std::collections::BTreeMap;

use super::{Restriction, RestrictionType};
use crate::{
    Instant,
    traffic::{PlatformEvent, PlatformEventKind},
    words::words,
};

words! {
    /// The step of Meta's ladder (policy enforcement, November 2025) that an episode has reached.
    EnforcementStage {
        /// A violation is named, nothing is taken away.
        Warning = "warning",
        /// Something beside messaging is restricted: utility templates, calls, more numbers.
        Limited = "limited",
        /// Messages that the business starts are blocked for a time.
        ShortBlock = "short_block",
        /// All messages are blocked for a time.
        FullBlock = "full_block",
        /// Messages are blocked without end.
        Locked = "locked",
        /// The account is to be disabled on a day.
        DisableScheduled = "disable_scheduled",
        /// The account is disabled.
        Disabled = "disabled",
        /// The account was put off the platform.
        Offboarded = "offboarded",
    }
}

words! {
    /// How far an account has come on Meta's ladder for utility templates that are none (template categorisation, September 2026). Its
    /// last step, a restriction of the whole portfolio, shows on each of its accounts as a restriction.
    UtilityMisuse {
        /// Meta warns.
        Warned = "warned",
        /// Fewer utility messages, for 7 days at least.
        RateLimited = "rate_limited",
        /// No utility templates, for 7 days.
        Restricted = "restricted",
        /// No utility templates, for longer: a repetition.
        RestrictedAgain = "restricted_again",
    }
}

words! {
    /// How an episode ended.
    EpisodeEnd {
        /// Meta lifted what it had taken away.
        Lifted = "lifted",
        /// Everything that was taken away ran out; Meta tells nobody.
        Expired = "expired",
        /// A warning after which nothing came.
        Faded = "faded",
    }
}

words! {
    /// What an account can do.
    Capability {
        /// Writing first.
        BusinessInitiated = "business_initiated",
        /// Answering people.
        Replies = "replies",
        /// Adding numbers.
        AddingNumbers = "adding_numbers",
        /// Sending utility templates.
        UtilityTemplates = "utility_templates",
        /// Calls.
        Calling = "calling",
    }
}

words! {
    /// How far it can.
    CapabilityState {
        /// Nothing stands against it.
        Available = "available",
        /// Less than usual.
        Limited = "limited",
        /// Not at all.
        Blocked = "blocked",
    }
}

/// What an account can do, and until when not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapabilityStatus {
    /// What.
    pub capability: Capability,
    /// How far.
    pub state: CapabilityState,
    /// Until when; nothing for what is available, and for what is restricted without end.
    pub until: Option<Instant>,
}

/// An episode of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The first sign.
    pub opened_at: Instant,
    /// The last sign.
    pub last_sign_at: Instant,
    /// When it ended, and how; nothing while it lasts.
    pub ended: Option<(Instant, EpisodeEnd)>,
    /// Meta's words for the violations, in the order in which they were named.
    pub violations: Vec<String>,
    /// What is taken away, as it was told last; what has run out too.
    pub restrictions: Vec<Restriction>,
    /// The day on which the account is to be disabled.
    pub disable_at: Option<Instant>,
    /// The highest step that it reached.
    pub stage: EnforcementStage,
    /// Why it is taken to have reached it.
    pub reason: StageReason,
    /// How far it came on the ladder of misused utility templates, when it did.
    pub utility_misuse: Option<UtilityMisuse>,
}

/// The sign by which an episode reached its step.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StageReason {
    /// When Meta told.
    pub at: Instant,
    /// Meta's word: of the violation, the restriction, or the ban.
    pub sign: String,
    /// Until when it holds, when Meta said so.
    pub until: Option<Instant>,
}

/// Days after which a restriction of utility templates is longer than that of the first time (7), and so a repetition (30).
const REPEATED_DAYS: i64 = 14;

/// Days without a sign after which a warning is over.
pub const WARNING_DAYS: i64 = 30;

impl Episode {
    fn new(at: Instant) -> Self {
        Self {
            opened_at: at,
            last_sign_at: at,
            ended: None,
            violations: Vec::new(),
            restrictions: Vec::new(),
            disable_at: None,
            stage: EnforcementStage::Warning,
            reason: StageReason { at, sign: String::new(), until: None },
            utility_misuse: None,
        }
    }

    fn name(&mut self, violation: Option<&String>) {
        if let Some(violation) = violation
            && !self.violations.contains(violation)
        {
            self.violations.push(violation.clone());
        }
    }

    fn restrict(&mut self, told: &Restriction) {
        let same = |known: &&mut Restriction| {
            known.restriction_type == told.restriction_type && known.raw_type == told.raw_type
        };
        match self.restrictions.iter_mut().find(same) {
            Some(known) => *known = told.clone(),
            None => self.restrictions.push(told.clone()),
        }
    }

    /// When it ends by itself, as far as is known now.
    pub fn ends_at(&self) -> Option<Instant> {
        if self.ended.is_some() || self.disable_at.is_some() {
            return None;
        }
        if self.restrictions.is_empty() {
            return Some(self.last_sign_at + chrono::TimeDelta::days(WARNING_DAYS));
        }
        let ends: Option<Vec<Instant>> = self.restrictions.iter().map(|restriction| restriction.ends_at).collect();
        ends?.into_iter().max()
    }

    /// What is given back when messages can be sent again at `now`, before the end: the restrictions of messages, and what was taken away
    /// with them, until the same instant. Of anything else, whether messages can be sent says nothing.
    pub fn given_back_with_messages(&self, now: Instant) -> Vec<RestrictionType> {
        let is_of_messages = |known: &&Restriction| {
            use RestrictionType::{BusinessInitiatedMessaging, CustomerInitiatedMessaging};
            matches!(known.restriction_type, BusinessInitiatedMessaging | CustomerInitiatedMessaging)
                && known.ends_at.is_none_or(|end| end > now)
        };
        let ends: Vec<_> = self.restrictions.iter().filter(is_of_messages).map(|known| known.ends_at).collect();
        let with_them = self.restrictions.iter().filter(|known| ends.contains(&known.ends_at));
        with_them.map(|known| known.restriction_type).collect()
    }

    /// Ends it when its own end has come by `now`.
    fn run_out(&mut self, now: Instant) {
        if let Some(end) = self.ends_at().filter(|end| *end <= now) {
            let how = if self.restrictions.is_empty() { EpisodeEnd::Faded } else { EpisodeEnd::Expired };
            self.ended = Some((end, how));
        }
    }

    /// The step that what is taken away speaks of, and the restriction that says so.
    fn infer(&self) -> (EnforcementStage, Option<&Restriction>) {
        use RestrictionType::{BusinessInitiatedMessaging, CustomerInitiatedMessaging, Disabled};
        let of = |wanted: RestrictionType, endless: bool| {
            self.restrictions
                .iter()
                .find(|known| known.restriction_type == wanted && (!endless || known.ends_at.is_none()))
        };
        if let Some(by) = of(Disabled, false) {
            (EnforcementStage::Disabled, Some(by))
        } else if self.disable_at.is_some() {
            (EnforcementStage::DisableScheduled, None)
        } else if let Some(by) = of(CustomerInitiatedMessaging, true) {
            (EnforcementStage::Locked, Some(by))
        } else if let Some(by) = of(CustomerInitiatedMessaging, false) {
            (EnforcementStage::FullBlock, Some(by))
        } else if let Some(by) = of(BusinessInitiatedMessaging, true) {
            (EnforcementStage::Locked, Some(by))
        } else if let Some(by) = of(BusinessInitiatedMessaging, false) {
            (EnforcementStage::ShortBlock, Some(by))
        } else if let Some(by) = self.restrictions.first() {
            (EnforcementStage::Limited, Some(by))
        } else {
            (EnforcementStage::Warning, None)
        }
    }

    /// Goes up to the step that what is taken away speaks of, never down.
    fn climb(&mut self, event: &PlatformEvent) {
        let (mut stage, by) = self.infer();
        if is_offboarding(event) {
            stage = EnforcementStage::Offboarded;
        }
        if stage > self.stage || self.reason.sign.is_empty() {
            // The account's own end has no word among restrictions but ours.
            let by = by.filter(|by| by.restriction_type != RestrictionType::Disabled);
            let sign = by.map(|by| by.raw_type.clone().unwrap_or_else(|| by.restriction_type.to_string()));
            let until = by.map_or(self.disable_at, |by| by.ends_at);
            let sign = sign.unwrap_or_else(|| word(event).to_owned());
            self.reason = StageReason { at: event.at, sign, until };
        }
        self.stage = self.stage.max(stage);
    }
}

/// Meta's word for what an event tells.
fn word(event: &PlatformEvent) -> &str {
    match &event.kind {
        PlatformEventKind::Violation { violation } => violation,
        PlatformEventKind::Restriction { violation, .. } => violation.as_deref().unwrap_or("ACCOUNT_RESTRICTION"),
        PlatformEventKind::Ban { state, .. } => state,
        _ => "",
    }
}

fn is_offboarding(event: &PlatformEvent) -> bool {
    matches!(&event.kind, PlatformEventKind::Ban { state, .. } if matches!(state.as_str(), "OFFBOARDED" | "DISCONNECTED"))
}

/// The step of the ladder for misused utility templates that an event speaks of.
fn misuse(event: &PlatformEvent) -> Option<UtilityMisuse> {
    use RestrictionType::{DirectSendUtilityTemplates, UtilityRateLimit, UtilityTemplates};
    let is_named = |word: &str| word.starts_with("UTILITY_TEMPLATE_ABUSE") || word.starts_with("DIRECT_SEND_UTILITY");
    match &event.kind {
        PlatformEventKind::Violation { violation } if is_named(violation) => Some(UtilityMisuse::Warned),
        PlatformEventKind::Restriction { restrictions, .. } => {
            let step = |restriction: &Restriction| match restriction.restriction_type {
                UtilityRateLimit => Some(UtilityMisuse::RateLimited),
                UtilityTemplates | DirectSendUtilityTemplates => {
                    let days = restriction.ends_at.map(|end| (end - event.at).num_days());
                    let again = days.is_some_and(|days| days > REPEATED_DAYS);
                    Some(if again { UtilityMisuse::RestrictedAgain } else { UtilityMisuse::Restricted })
                }
                _ => None,
            };
            restrictions.iter().filter_map(step).max()
        }
        _ => None,
    }
}

/// Whether a lift that names this violation gives back such a restriction: those of its own ladder, or all.
pub fn is_lifted_by(violation: Option<&str>, restriction: RestrictionType) -> bool {
    use RestrictionType::{DirectSendUtilityTemplates, UtilityRateLimit, UtilityTemplates};
    match violation {
        Some(word) if word.starts_with("DIRECT_SEND") => restriction == DirectSendUtilityTemplates,
        Some(word) if word.ends_with("RATE_LIMIT_RECOVERY") => restriction == UtilityRateLimit,
        Some(word) if word.starts_with("UTILITY_TEMPLATE") => {
            matches!(restriction, UtilityTemplates | UtilityRateLimit)
        }
        _ => true,
    }
}

/// The episodes of one account, of all that was told of it; the earliest first.
pub fn episodes(events: &[PlatformEvent], now: Instant) -> Vec<Episode> {
    let mut signs: Vec<&PlatformEvent> = events.iter().filter(|event| is_sign(event)).collect();
    // A lift stands after what was told at the same instant.
    signs.sort_by_key(|event| (event.at, is_lift(event)));
    let mut episodes: Vec<Episode> = Vec::new();
    for event in signs {
        if let Some(open) = episodes.last_mut().filter(|episode| episode.ended.is_none()) {
            open.run_out(event.at);
        }
        let open = episodes.last_mut().filter(|episode| episode.ended.is_none());
        if is_lift(event) {
            if let Some(open) = open {
                lift(open, event);
            }
            continue;
        }
        let episode = if let Some(open) = open {
            open
        } else {
            episodes.push(Episode::new(event.at));
            let Some(new) = episodes.last_mut() else { continue };
            new
        };
        take(episode, event);
    }
    if let Some(open) = episodes.last_mut().filter(|episode| episode.ended.is_none()) {
        open.run_out(now);
    }
    episodes
}

/// Whether an event is about the account's standing.
pub fn is_sign(event: &PlatformEvent) -> bool {
    use PlatformEventKind::{Ban, Restriction, RestrictionLifted, Violation};
    matches!(event.kind, Violation { .. } | Restriction { .. } | RestrictionLifted { .. } | Ban { .. })
}

/// Whether an event gives something back.
pub fn is_lift(event: &PlatformEvent) -> bool {
    match &event.kind {
        PlatformEventKind::RestrictionLifted { .. } => true,
        PlatformEventKind::Ban { state, .. } => matches!(state.as_str(), "REINSTATE" | "RECONNECTED"),
        _ => false,
    }
}

fn take(episode: &mut Episode, event: &PlatformEvent) {
    episode.last_sign_at = event.at;
    match &event.kind {
        PlatformEventKind::Violation { violation } => episode.name(Some(violation)),
        PlatformEventKind::Restriction { violation, restrictions } => {
            episode.name(violation.as_ref());
            for restriction in restrictions {
                episode.restrict(restriction);
            }
        }
        PlatformEventKind::Ban { state, date } => match state.as_str() {
            "SCHEDULE_FOR_DISABLE" => episode.disable_at = Some(date.unwrap_or(event.at)),
            "DISABLE" | "OFFBOARDED" | "DISCONNECTED" => {
                episode.disable_at = None;
                let disabled = RestrictionType::Disabled;
                episode.restrict(&Restriction { restriction_type: disabled, raw_type: None, ends_at: None });
            }
            _ => {}
        },
        _ => {}
    }
    episode.climb(event);
    episode.utility_misuse = episode.utility_misuse.max(misuse(event));
}

fn lift(episode: &mut Episode, event: &PlatformEvent) {
    let is_back = matches!(&event.kind, PlatformEventKind::Ban { state, .. } if state == "RECONNECTED");
    if is_back && episode.stage != EnforcementStage::Offboarded {
        // An account that we have again is no account that is forgiven.
        return;
    }
    episode.last_sign_at = event.at;
    episode.restrictions.retain(|restriction| !gives_back(event, restriction.restriction_type));
    if gives_everything_back(event) {
        episode.disable_at = None;
    }
    if episode.restrictions.is_empty() && episode.disable_at.is_none() {
        episode.ended = Some((event.at, EpisodeEnd::Lifted));
    }
}

/// Whether a lift gives back what a restriction took away.
fn gives_back(lift: &PlatformEvent, restriction: RestrictionType) -> bool {
    match &lift.kind {
        PlatformEventKind::RestrictionLifted { violation, restrictions } if restrictions.is_empty() => {
            is_lifted_by(violation.as_deref(), restriction)
        }
        PlatformEventKind::RestrictionLifted { restrictions, .. } => restrictions.contains(&restriction),
        PlatformEventKind::Ban { state, .. } if state == "RECONNECTED" => restriction == RestrictionType::Disabled,
        _ => true,
    }
}

fn gives_everything_back(lift: &PlatformEvent) -> bool {
    match &lift.kind {
        PlatformEventKind::RestrictionLifted { violation, restrictions } => {
            violation.is_none() && restrictions.is_empty()
        }
        PlatformEventKind::Ban { state, .. } => state == "REINSTATE",
        _ => false,
    }
}

/// What an account can do at `now`, by what is taken away.
pub fn capabilities(restrictions: &[Restriction], now: Instant) -> Vec<CapabilityStatus> {
    let mut worst: BTreeMap<&'static str, (CapabilityState, Option<Instant>)> = BTreeMap::new();
    for restriction in restrictions.iter().filter(|restriction| restriction.ends_at.is_none_or(|end| end > now)) {
        for (capability, state) in touched(restriction.restriction_type) {
            let later =
                |one: Option<Instant>, other: Option<Instant>| one.zip(other).map(|(one, other)| one.max(other));
            let known = worst.entry(capability.as_str()).or_insert((*state, restriction.ends_at));
            if *state > known.0 {
                *known = (*state, restriction.ends_at);
            } else if *state == known.0 {
                known.1 = later(known.1, restriction.ends_at);
            }
        }
    }
    Capability::ALL
        .iter()
        .map(|capability| {
            let (state, until) = worst.get(capability.as_str()).copied().unwrap_or((CapabilityState::Available, None));
            CapabilityStatus { capability: *capability, state, until }
        })
        .collect()
}

/// What a type of restriction takes away. One that nobody knows takes nothing that could be named.
const fn touched(restriction: RestrictionType) -> &'static [(Capability, CapabilityState)] {
    use Capability::{AddingNumbers, BusinessInitiated, Calling, Replies, UtilityTemplates};
    use CapabilityState::{Blocked, Limited};
    match restriction {
        RestrictionType::AddPhoneNumber => &[(AddingNumbers, Blocked)],
        RestrictionType::BusinessInitiatedMessaging => &[(BusinessInitiated, Blocked), (UtilityTemplates, Blocked)],
        RestrictionType::CustomerInitiatedMessaging => &[(Replies, Blocked)],
        RestrictionType::UtilityTemplates => &[(UtilityTemplates, Blocked)],
        RestrictionType::UtilityRateLimit | RestrictionType::DirectSendUtilityTemplates => {
            &[(UtilityTemplates, Limited)]
        }
        RestrictionType::BusinessInitiatedCalling
        | RestrictionType::UserInitiatedCalling
        | RestrictionType::CallButtonHidden => &[(Calling, Limited)],
        RestrictionType::AllCalling => &[(Calling, Blocked)],
        RestrictionType::Disabled => &[
            (BusinessInitiated, Blocked),
            (Replies, Blocked),
            (AddingNumbers, Blocked),
            (UtilityTemplates, Blocked),
            (Calling, Blocked),
        ],
        RestrictionType::Unknown => &[],
    }
}

#[cfg(test)]
mod tests;
