//! What an operation is doing now, for the log.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    ActivityId, ClientId,
    access::Actor,
    activity::{Activity, ActivityOutcome, identity},
};
use store::activities::Record;

use crate::{Code, NoCode, OpCtx, OpError};

/// Most subjects of an entry, and the longest: more are cut.
const SUBJECTS: usize = 250;

/// How something ended, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    outcome: ActivityOutcome,
    code: Option<String>,
}

impl Ended {
    /// It was done.
    pub const DONE: Self = Self { outcome: ActivityOutcome::Done, code: None };

    /// It ended so, for the reason that a program knows by `code`.
    pub const fn with(outcome: ActivityOutcome, code: String) -> Self {
        Self { outcome, code: Some(code) }
    }

    /// As the result of a use case tells.
    pub fn of<T, C: Code>(result: &Result<T, OpError<C>>) -> Self {
        let Err(error) = result else { return Self::DONE };
        let (outcome, code) = match error {
            OpError::Refused(refusals) => {
                (ActivityOutcome::Refused, refusals.first().map(|refusal| screaming(&format!("{:?}", refusal.code))))
            }
            OpError::NotFound => (ActivityOutcome::Denied, Some("NOT_FOUND".to_owned())),
            OpError::Unauthenticated => (ActivityOutcome::Denied, Some("UNAUTHENTICATED".to_owned())),
            OpError::Forbidden(_) => (ActivityOutcome::Denied, Some("FORBIDDEN".to_owned())),
            OpError::Conflict { .. } => (ActivityOutcome::Refused, Some("CONFLICT".to_owned())),
            OpError::Cursor => (ActivityOutcome::Refused, Some("BAD_USER_INPUT".to_owned())),
            OpError::RateLimited { .. } => (ActivityOutcome::Refused, Some("RATE_LIMITED".to_owned())),
            OpError::Unavailable(_) => (ActivityOutcome::Failed, Some("UNAVAILABLE".to_owned())),
            OpError::Internal(_) => (ActivityOutcome::Failed, Some("INTERNAL_SERVER_ERROR".to_owned())),
        };
        Self { outcome, code }
    }
}

/// `EmailTaken` as the API spells it: `EMAIL_TAKEN`.
fn screaming(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(character.to_uppercase());
    }
    text
}

/// What an operation is doing; shared by all of its clones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Doing(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    action: Option<String>,
    subjects: Vec<String>,
    /// A refusal that is part of the answer, and so no error.
    refused: Option<Ended>,
    written: Arc<AtomicBool>,
}

impl Doing {
    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl OpCtx {
    /// Says what is being done from now on, and to what: the name of a mutation, or of an operation of another kind.
    pub fn begin(&self, action: &str, subjects: Vec<String>) {
        self.doing().with(|state| {
            let subjects = subjects.into_iter().take(SUBJECTS).collect();
            *state = State { action: Some(action.to_owned()), subjects, ..State::default() };
        });
    }

    /// Adds what it is done to, when the caller could not name it: what is being made.
    pub fn about(&self, id: impl std::fmt::Display) {
        self.doing().with(|state| {
            let id = id.to_string();
            if state.subjects.len() < SUBJECTS && !state.subjects.contains(&id) {
                state.subjects.push(id);
            }
        });
    }

    /// Keeps a refusal that is part of the answer.
    pub fn refuse<T, C: Code>(&self, result: &Result<T, OpError<C>>) {
        if matches!(result, Err(OpError::Refused(_))) {
            self.doing().with(|state| state.refused = Some(Ended::of(result)));
        }
    }

    /// What a transaction of this operation enters in the log when it commits: nothing when nothing was begun and it is the product's
    /// own, and nothing more once something was entered.
    pub(crate) fn record(&self) -> Option<Record> {
        self.doing().with(|state| {
            let unnamed = state.action.is_none();
            if state.written.load(Ordering::Acquire)
                || unnamed && matches!(self.actor(), Actor::System | Actor::Anonymous)
            {
                return None;
            }
            let entry = entry(self, state, Ended::DONE, None);
            Some(Record { entry, random: Arc::clone(&self.services().random), written: Arc::clone(&state.written) })
        })
    }

    /// Ends what was begun: what no transaction has entered in the log is entered now, as it ended. What nobody was denied is not:
    /// it would let anybody fill the log.
    ///
    /// # Errors
    /// The store failed; nothing was entered.
    pub async fn end(&self, ended: Ended, client: Option<ClientId>) -> Result<(), OpError<NoCode>> {
        let entry = self.doing().with(|state| {
            let ended = state.refused.take().filter(|_| ended == Ended::DONE).unwrap_or(ended);
            let denied = *self.actor() == Actor::Anonymous && ended.outcome != ActivityOutcome::Refused;
            let limited = ended.code.as_deref() == Some("RATE_LIMITED");
            let written = state.written.swap(true, Ordering::AcqRel);
            (!written && !denied && !limited).then(|| entry(self, state, ended, client))
        });
        let Some(entry) = entry else { return Ok(()) };
        self.enter(&entry).await
    }

    /// Enters in the log what the product has to say beside what was begun, in a transaction of its own.
    async fn enter(&self, entry: &Activity) -> Result<(), OpError<NoCode>> {
        // As the system: an entry about nobody's data is written by everybody and read by those who see all.
        let tx = self.unrecorded_as_system().await?;
        store::activities::insert(&tx, entry).await?;
        Ok(tx.commit().await?)
    }
}

fn entry(op: &OpCtx, state: &State, ended: Ended, client: Option<ClientId>) -> Activity {
    let now = op.services().clock.now();
    let (actor, user, token) = identity(op.actor());
    Activity {
        id: ActivityId::new(now, op.random()),
        client: op.actor().client().or(client),
        at: now,
        actor,
        user,
        token,
        action: state.action.clone().unwrap_or_else(|| "write".to_owned()),
        subjects: state.subjects.clone(),
        outcome: ended.outcome,
        code: ended.code,
        address: op.address.map(|address| address.to_string()),
        request: op.request.clone(),
    }
}
