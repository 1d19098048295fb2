//! Words by which people say stop, beside those that the product knows in Italian and English: the BSP's own, which hold for every client,
//! and a client's. Whoever writes one of them, alone, opts out; audits lay it to the campaign before.

use std::collections::BTreeSet;

use domain::{ClientId, StopWordsId, access::Permission};

use crate::{Code, NoCode, OpCtx, OpError, Refusal};

/// Words of an owner at most.
const MOST: usize = 100;
/// Longest word, in characters; a few words are one, too.
const LONGEST: usize = 40;

/// Why stop words were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopWordsCode {
    /// There is no such client for the actor.
    ClientNotFound,
    /// A word is empty, or longer than 40 characters.
    WordInvalid,
    /// There are more than 100.
    TooMany,
}

impl Code for StopWordsCode {
    fn key(self) -> &'static str {
        match self {
            Self::ClientNotFound => "error-client-not-found",
            Self::WordInvalid => "error-stop-word-invalid",
            Self::TooMany => "error-stop-words-too-many",
        }
    }
}

/// The words of a client, or of the BSP, beside those that the product knows.
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `audits:read`.
pub async fn own(op: &OpCtx, client: Option<ClientId>) -> Result<Vec<String>, OpError<NoCode>> {
    op.require(Permission::AuditsRead)?;
    let tx = op.reader().await?;
    if let Some(client) = client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::NotFound);
    }
    Ok(store::stop_words::of_owner(&tx, client).await?)
}

/// Sets the words of a client, or of the BSP, in the place of those before. Returns them as they are kept: in lower case, each once.
///
/// # Errors
/// Refused with a [`StopWordsCode`]; `Forbidden` without `thresholds:write`, and for the BSP's own to whoever may not know of all clients.
pub async fn set(
    op: &OpCtx,
    client: Option<ClientId>,
    words: Vec<String>,
) -> Result<Vec<String>, OpError<StopWordsCode>> {
    op.require(Permission::ThresholdsWrite)?;
    if client.is_none() && !op.sees_all() {
        return Err(OpError::Forbidden(Permission::ThresholdsWrite));
    }
    let words: BTreeSet<String> = words.iter().map(|word| word.trim().to_lowercase()).collect();
    if words.iter().any(|word| word.is_empty() || word.chars().count() > LONGEST) {
        return Err(OpError::refused(Refusal::of(StopWordsCode::WordInvalid, "words")));
    }
    if words.len() > MOST {
        return Err(OpError::refused(Refusal::of(StopWordsCode::TooMany, "words")));
    }
    let tx = op.write().await?;
    if let Some(client) = client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::refused(Refusal::of(StopWordsCode::ClientNotFound, "clientId")));
    }
    let words: Vec<String> = words.into_iter().collect();
    let id = StopWordsId::new(op.now(), op.random());
    store::stop_words::set(&tx, id, client, &words, (op.actor().user(), op.now())).await?;
    tx.commit().await?;
    Ok(words)
}

#[cfg(test)]
mod tests;
