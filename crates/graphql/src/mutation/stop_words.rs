//! `stopWordsSet`.

use app::stop_words::StopWordsCode;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{context::ContextExt as _, id, user_error::user_errors};

user_errors! {
    /// Why stop words were refused.
    StopWordsUserError, StopWordsErrorCode from StopWordsCode {
        /// There is no such client for you.
        ClientNotFound,
        /// A word is empty, or longer than 40 characters.
        WordInvalid,
        /// There are more than 100.
        TooMany,
    }
}

/// Stop words to be set.
#[derive(Debug, InputObject)]
pub(crate) struct StopWordsSetInput {
    /// For this client; absent, for every client.
    client_id: Option<ID>,
    /// The words, in the place of those before: 100 at most, of 1 to 40 characters each. Those that the product knows in Italian and
    /// English hold in any case.
    words: Vec<String>,
}

/// The words that were set.
#[derive(Debug, SimpleObject)]
pub(crate) struct StopWordsSetPayload {
    /// The words as they are kept, in lower case; absent when the input was refused.
    words: Option<Vec<String>>,
    /// Why the input was refused.
    user_errors: Vec<StopWordsUserError>,
}

/// Mutations of stop words.
#[derive(Debug, Default)]
pub(crate) struct StopWordsMutation;

#[Object]
impl StopWordsMutation {
    /// Sets words by which people say stop, for one client or for all: whoever writes one of them, alone, opts out from then on.
    /// Requires `thresholds:write`.
    async fn stop_words_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words.")] input: StopWordsSetInput,
    ) -> Result<StopWordsSetPayload> {
        let client = id::optional(input.client_id.as_ref())?;
        let result = app::stop_words::set(ctx.op(), client, input.words).await;
        let (words, user_errors) = StopWordsUserError::split(ctx.op(), result)?;
        Ok(StopWordsSetPayload { words, user_errors })
    }
}
