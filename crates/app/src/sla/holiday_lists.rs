//! Lists of holidays that calendars share. A version of a calendar holds the holidays of its lists as they were when it was made, so
//! that it never changes; a new version of a list makes a new version of every calendar that names it.

use std::collections::{BTreeMap, BTreeSet};

use ::sla::{Calendar, CalendarSpec};
use domain::{ClientId, HolidayListId, SlaCalendarId};
use jiff::civil::Date;
use serde_json::Value;
use store::{
    Tx,
    page::{Keyset, Page},
    sla::{CalendarVersion, HolidayList},
};

use super::{
    Preview, Release, SlaCode, code,
    preview::preview,
    read::readable,
    set::{admit, check_key, insert, judge, origin, publish, read, read_icalendar, refuse_idle, write},
};
use crate::{OpCtx, OpError, Refusal};

/// Most dates of one list.
const MOST_DATES: usize = 2_000;

/// A list to be set.
#[derive(Debug, Clone)]
pub struct HolidayListDraft {
    /// The key by which calendars name it.
    pub key: String,
    /// The name of each date (`{"2026-12-25": "Natale"}`).
    pub holidays: Option<Value>,
    /// An iCalendar list whose holidays are added.
    pub icalendar: Option<String>,
}

/// The dates of a list, with their names.
type Holidays = BTreeMap<Date, String>;

/// What setting a list makes.
struct Renewal {
    list: HolidayList,
    calendars: Vec<CalendarVersion>,
}

/// Sets a list, and returns its new version and those of the calendars that name it.
///
/// # Errors
/// As [`set_calendar`](super::set_calendar).
pub async fn set_holiday_list(
    op: &OpCtx,
    release: Release,
    draft: HolidayListDraft,
) -> Result<(HolidayList, Vec<CalendarVersion>), OpError<SlaCode>> {
    admit(op, release.client)?;
    let tx = op.write().await?;
    let Renewal { list, calendars } = renewed(op, &tx, &release, draft).await?;
    insert(store::sla::insert_holiday_list(&tx, &list).await, list.version)?;
    for calendar in &calendars {
        insert(store::sla::insert_calendar(&tx, calendar).await, calendar.version)?;
    }
    tx.about(list.id);
    if !calendars.is_empty() {
        publish(op, &tx, &release).await?;
    }
    tx.commit().await?;
    Ok((list, calendars))
}

/// What setting a list would do.
///
/// # Errors
/// As [`set_holiday_list`].
pub async fn preview_holiday_list(
    op: &OpCtx,
    release: Release,
    draft: HolidayListDraft,
) -> Result<Preview, OpError<SlaCode>> {
    admit(op, release.client)?;
    let tx = op.reader().await?;
    let Renewal { calendars, .. } = renewed(op, &tx, &release, draft).await?;
    let at = calendars.iter().map(|calendar| calendar.effective_from).max().unwrap_or(op.now());
    preview(&tx, &release, at, |book| calendars.iter().cloned().try_fold(book, super::Book::with_calendar)).await
}

/// A page of the versions of the lists of a client (absent: of the BSP), or of one of them, by when they were made.
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `tickets:read`.
pub async fn holiday_list_page(
    op: &OpCtx,
    client: Option<ClientId>,
    key: Option<&str>,
    keyset: &Keyset,
) -> Result<Page<HolidayList>, OpError> {
    let tx = readable(op, client).await?;
    Ok(store::sla::holiday_list_page(&tx, client, key, keyset).await?)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn holiday_lists_by_ids(op: &OpCtx, ids: &[HolidayListId]) -> Result<Vec<HolidayList>, OpError> {
    op.require(domain::access::Permission::TicketsRead)?;
    Ok(store::sla::holiday_lists_by_ids(&*op.reader().await?, ids).await?)
}

/// Fills the lists that a calendar of `client` names with their dates: the client's own go before the BSP's.
pub(super) async fn fill(tx: &Tx, client: Option<ClientId>, spec: &mut CalendarSpec) -> Result<(), OpError<SlaCode>> {
    for (key, holidays) in &mut spec.holiday_lists {
        let own = match client {
            Some(_) => store::sla::latest_holiday_list(tx, client, key).await?,
            None => None,
        };
        let list = match own {
            Some(list) => list,
            None => store::sla::latest_holiday_list(tx, None, key).await?.ok_or_else(|| {
                OpError::refused(Refusal::of(SlaCode::HolidayListUnknown, "definition").with("subject", key))
            })?,
        };
        *holidays = super::terms::read(list.holidays)?;
    }
    Ok(())
}

async fn renewed(op: &OpCtx, tx: &Tx, release: &Release, draft: HolidayListDraft) -> Result<Renewal, OpError<SlaCode>> {
    let HolidayListDraft { key, holidays, icalendar } = draft;
    check_key(&key)?;
    let mut dates: Holidays = holidays.map(|holidays| read(holidays, "holidays")).transpose()?.unwrap_or_default();
    if let Some(text) = icalendar {
        // What somebody entered by hand stays as it was named.
        for (date, name) in read_icalendar(op, &text, "icalendar")? {
            dates.entry(date).or_insert(name);
        }
    }
    if dates.is_empty() || dates.len() > MOST_DATES {
        let problem = format!("a list has 1 to {MOST_DATES} dates");
        let refusal = Refusal::of(SlaCode::HolidaysInvalid, "holidays").with("line", 1).with("detail", problem);
        return Err(OpError::refused(refusal));
    }
    let latest = store::sla::latest_holiday_list(tx, release.client, &key).await?;
    let effective_from = judge(op, tx, release, latest.as_ref().map(|latest| (latest.version, op.now()))).await?;
    let holidays = write(&dates)?;
    refuse_idle(latest.as_ref().is_some_and(|latest| latest.holidays == holidays))?;
    let list = HolidayList {
        id: HolidayListId::new(op.now(), op.random()),
        client: release.client,
        key,
        version: latest.map_or(0, |latest| latest.version) + 1,
        holidays,
        origin: origin(op, release),
    };
    let mut calendars = Vec::new();
    for calendar in naming(tx, &list).await? {
        let mut spec: CalendarSpec = super::terms::read(calendar.definition)?;
        spec.holiday_lists.insert(list.key.clone(), dates.clone());
        Calendar::new(spec.clone()).map_err(|error| OpError::refused(code::of_calendar(&error)))?;
        calendars.push(CalendarVersion {
            id: SlaCalendarId::new(op.now(), op.random()),
            version: calendar.version + 1,
            // A version that is still to come is followed, not overtaken.
            effective_from: effective_from.max(calendar.effective_from),
            scope: release.scope,
            definition: write(&spec)?,
            origin: origin(op, release),
            ..calendar
        });
    }
    Ok(Renewal { list, calendars })
}

/// The last versions of the calendars that name a list and mean this one.
async fn naming(tx: &Tx, list: &HolidayList) -> Result<Vec<CalendarVersion>, OpError<SlaCode>> {
    let mut latest: BTreeMap<(Option<ClientId>, String), CalendarVersion> = BTreeMap::new();
    for calendar in store::sla::all_calendars(tx, list.client).await? {
        latest.insert((calendar.client, calendar.key.clone()), calendar);
    }
    let names = |calendar: &CalendarVersion| calendar.definition["holiday_lists"].get(&list.key).is_some();
    let mut naming: Vec<CalendarVersion> = latest.into_values().filter(names).collect();
    if list.client.is_none() {
        // Of a client that has a list of its own of this key, that is meant.
        let owners: BTreeSet<ClientId> = naming.iter().filter_map(|calendar| calendar.client).collect();
        for owner in owners {
            if store::sla::latest_holiday_list(tx, Some(owner), &list.key).await?.is_some() {
                naming.retain(|calendar| calendar.client != Some(owner));
            }
        }
    }
    Ok(naming)
}
