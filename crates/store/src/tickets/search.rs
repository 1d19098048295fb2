//! Full-text search over titles, replies, notes and references, behind one query on both stores.
//!
//! Texts are cut into words of letters and digits, without accents, before a store sees them, so that both find alike: a word finds
//! what begins with it, and on PostgreSQL also what has its stem in Italian or English. All words of a search must be there, wherever
//! in the ticket. The newest tickets are found first, at most [`MOST_FOUND`].
//!
//! SQLite keeps the words of a ticket in a table of FTS5, PostgreSQL in two vectors with an index. There an index by `@@` cannot serve
//! a query behind row-level security, for the operator is not known to leak nothing; so a function of the owner reads it and holds
//! the wall itself.

use domain::{TicketId, access::Visibility, tickets::TicketEventVisibility};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, Value};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::filter::{TicketCondition, TicketFilter};
use crate::{StoreError, Tx};

/// Tickets that a search finds at most, the newest.
pub const MOST_FOUND: u32 = 1_000;

/// Words of a search at most.
const MOST_WORDS: usize = 10;

/// Characters of a word at most; what is beyond is cut.
const LONGEST_WORD: usize = 40;

/// Characters of a ticket's words on either side, beyond which no more are kept.
const MOST_KEPT: i64 = 250_000;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketSearch {
    words: Vec<String>,
    /// Whether what is internal is searched too.
    internal: bool,
}

impl TicketSearch {
    /// A search in what is public. `None` when the text has no word.
    pub fn new(text: &str) -> Option<Self> {
        let words: Vec<String> = words(text).take(MOST_WORDS).collect();
        (!words.is_empty()).then_some(Self { words, internal: false })
    }

    /// The same in what is internal too.
    #[must_use]
    pub fn with_internal(self) -> Self {
        Self { internal: true, ..self }
    }

    /// For FTS5: each word as a beginning.
    fn for_sqlite(&self) -> String {
        let words: Vec<String> = self.words.iter().map(|word| format!("\"{word}\"*")).collect();
        let side = if self.internal { "{public internal}" } else { "{public}" };
        format!("{side} : ({})", words.join(" AND "))
    }

    /// For PostgreSQL: each word as a beginning, or by its stem; the words are arguments from `$1` on.
    fn for_postgres(&self) -> String {
        let word = |place: usize| {
            format!(
                "(to_tsquery('simple', ${place} || ':*') || plainto_tsquery('italian', ${place}) \
                 || plainto_tsquery('english', ${place}))"
            )
        };
        let words: Vec<String> = (1..=self.words.len()).map(word).collect();
        words.join(" && ")
    }
}

/// The words of a text: runs of letters and digits, small and without accents.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter))
        .map(|word| {
            let plain = word.nfkd().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
            plain.take(LONGEST_WORD).collect::<String>()
        })
        .filter(|word| !word.is_empty())
}

fn joined(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

/// Begins to keep the words of a ticket.
pub(super) async fn begin(tx: &Tx, ticket: &domain::tickets::Ticket) -> Result<(), StoreError> {
    let words = joined(&ticket.title);
    let (number, client) = (ticket.number, token(ticket.client));
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let (sql, values): (&str, Vec<Value>) = if backend == DbBackend::Postgres {
        (
            "INSERT INTO ticket_search (ticket_id, client_id, number, public_words, all_words)
             SELECT $1, $2, $3, vector, vector FROM (SELECT to_tsvector('simple', $4) || to_tsvector('italian', $4)
                 || to_tsvector('english', $4) AS vector) AS words",
            vec![ticket.id.uuid().into(), ticket.client.uuid().into(), number.into(), words.into()],
        )
    } else {
        (
            "INSERT INTO ticket_search (rowid, client, public, internal) VALUES ($1, $2, $3, '')",
            vec![number.into(), client.into(), words.into()],
        )
    };
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// Keeps the words of a text of a ticket, until there are very many.
pub(crate) async fn keep(
    tx: &Tx,
    ticket: TicketId,
    visibility: TicketEventVisibility,
    text: &str,
) -> Result<(), StoreError> {
    let words = joined(text);
    if words.is_empty() {
        return Ok(());
    }
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let public = visibility == TicketEventVisibility::Public;
    let (sql, values): (String, Vec<Value>) = if backend == DbBackend::Postgres {
        let vector = "(to_tsvector('simple', $2) || to_tsvector('italian', $2) || to_tsvector('english', $2))";
        let also = if public { format!(", public_words = public_words || {vector}") } else { String::new() };
        let sql = format!(
            "UPDATE ticket_search SET all_words = all_words || {vector}{also}
             WHERE ticket_id = $1 AND pg_column_size(all_words) < $3"
        );
        (sql, vec![ticket.uuid().into(), words.into(), i32::try_from(MOST_KEPT).unwrap_or(i32::MAX).into()])
    } else {
        let side = if public { "public" } else { "internal" };
        let sql = format!(
            "UPDATE ticket_search SET {side} = {side} || ' ' || $2
             WHERE rowid = (SELECT number FROM tickets WHERE id = $1) AND length({side}) < $3"
        );
        (sql, vec![ticket.uuid().into(), words.into(), MOST_KEPT.into()])
    };
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// A client as a word, on SQLite: so that of words that are frequent the tickets of one client are still found at once.
fn token(client: domain::ClientId) -> String {
    format!("c{}", client.uuid().simple())
}

/// The numbers of the tickets that a search finds, of which the transaction may know.
async fn found(tx: &Tx, search: &TicketSearch) -> Result<Vec<i64>, StoreError> {
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let (sql, values): (String, Vec<Value>) = if backend == DbBackend::Postgres {
        let sql = format!(
            "SELECT number FROM search_tickets({}, {}, {MOST_FOUND}) AS found (number)",
            search.for_postgres(),
            search.internal
        );
        (sql, search.words.iter().map(|word| word.clone().into()).collect())
    } else {
        let mut wanted = search.for_sqlite();
        if let Visibility::Clients(clients) = tx.visibility() {
            let tokens: Vec<String> = clients.iter().map(|client| token(*client)).collect();
            if tokens.is_empty() {
                return Ok(Vec::new());
            }
            wanted = format!("({{client}} : ({})) AND ({wanted})", tokens.join(" OR "));
        }
        let sql = format!(
            "SELECT rowid AS number FROM ticket_search WHERE ticket_search MATCH $1 ORDER BY rowid DESC LIMIT {MOST_FOUND}"
        );
        (sql, vec![wanted.into()])
    };
    let rows = connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "number")?)).collect()
}

/// The filter with every search in it made: in its place stand the numbers of what it found.
pub(super) async fn made(tx: &Tx, filter: &TicketFilter) -> Result<TicketFilter, StoreError> {
    Ok(match filter {
        TicketFilter::All(parts) => TicketFilter::All(made_all(tx, parts).await?),
        TicketFilter::Any(parts) => TicketFilter::Any(made_all(tx, parts).await?),
        TicketFilter::Not(part) => TicketFilter::Not(Box::new(Box::pin(made(tx, part)).await?)),
        TicketFilter::Is(TicketCondition::Search(search)) => {
            TicketFilter::Is(TicketCondition::Number(found(tx, search).await?))
        }
        TicketFilter::Is(_) => filter.clone(),
    })
}

async fn made_all(tx: &Tx, parts: &[TicketFilter]) -> Result<Vec<TicketFilter>, StoreError> {
    let mut made_parts = Vec::with_capacity(parts.len());
    for part in parts {
        made_parts.push(Box::pin(made(tx, part)).await?);
    }
    Ok(made_parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_without_accents() {
        let of = |text: &str| words(text).collect::<Vec<_>>();
        assert_eq!(of("L’account è BLOCCATO: perché?"), ["l", "account", "e", "bloccato", "perche"]);
        assert_eq!(of("Perche\u{301} 12-34 ﬁne"), ["perche", "12", "34", "fine"]);
        assert_eq!(of("\"OR\" NEAR(a*) {b}:c\0d"), ["or", "near", "a", "b", "c", "d"]);
        assert_eq!(of("…!?"), Vec::<String>::new());
        assert!(TicketSearch::new(" - ").is_none());
        assert_eq!(of(&"x".repeat(100))[0].len(), LONGEST_WORD);
    }

    #[test]
    fn no_text_of_a_person_becomes_syntax() {
        let search = TicketSearch::new("a\" OR {internal}: b* NOT c'").unwrap();
        assert_eq!(
            search.for_sqlite(),
            "{public} : (\"a\"* AND \"or\"* AND \"internal\"* AND \"b\"* AND \"not\"* AND \"c\"*)"
        );
        assert!(!search.for_postgres().contains("internal"));
    }
}
