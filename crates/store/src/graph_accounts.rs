//! How the Graph API answered about accounts, and what Meta counted of them.

use std::collections::HashMap;

use domain::{
    ClientId, Instant, WabaId,
    assets::Waba,
    graph::{AccountVolume, GraphAccount, VolumeCheck},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        account_checks, account_volumes,
        graph_accounts::{ActiveModel, Column, Entity, Model},
        volume_checks, wabas,
    },
    page::{self, By, Keyset, Page, Span},
    rows::Place,
};

const TABLE: &str = "graph_accounts";

fn from_row(row: Model) -> Result<GraphAccount, StoreError> {
    let place = Place { table: TABLE, id: row.waba_id };
    Ok(GraphAccount {
        waba: WabaId::from_uuid(row.waba_id),
        client: ClientId::from_uuid(row.client_id),
        access: place.word("access", &row.access)?,
        code: row.code,
        failures: place.number("failures", row.failures)?,
        asked_at: row.asked_at,
        answered_at: row.answered_at,
        volumes_at: row.volumes_at,
        next_at: row.next_at,
    })
}

/// Accounts that are to be asked about by `now`: those that never were first, then those that wait longest; `most` at most.
///
/// # Errors
/// The database is unavailable.
pub async fn due(tx: &Tx, now: Instant, most: u64) -> Result<Vec<Waba>, StoreError> {
    let known = Entity::find().select_only().column(Column::WabaId);
    let never = wabas::Entity::find()
        .select_only()
        .column(wabas::Column::Id)
        .filter(wabas::Column::Id.not_in_subquery(tx.scoped(known, Column::ClientId).into_query()))
        .order_by_asc(wabas::Column::Id)
        .limit(most);
    let mut due: Vec<Uuid> = tx.scoped(never, wabas::Column::ClientId).into_tuple().all(tx.connection()).await?;
    let again = Entity::find()
        .select_only()
        .column(Column::WabaId)
        .filter(Column::NextAt.lte(now))
        .order_by_asc(Column::NextAt)
        .order_by_asc(Column::WabaId)
        .limit(most.saturating_sub(due.len() as u64));
    due.extend(tx.scoped(again, Column::ClientId).into_tuple::<Uuid>().all(tx.connection()).await?);
    let ids: Vec<WabaId> = due.into_iter().map(WabaId::from_uuid).collect();
    let mut found: HashMap<WabaId, Waba> =
        crate::wabas::by_ids(tx, &ids).await?.into_iter().map(|waba| (waba.id, waba)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// How asking about accounts goes, those of which the transaction may know.
///
/// # Errors
/// The database is unavailable.
pub async fn of_wabas(tx: &Tx, wabas: &[WabaId]) -> Result<Vec<GraphAccount>, StoreError> {
    let select = Entity::find().filter(Column::WabaId.is_in(wabas.iter().map(|waba| waba.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Notes how an account was answered about.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn note(tx: &Tx, account: &GraphAccount) -> Result<(), StoreError> {
    tx.admit(Some(account.client))?;
    let row = ActiveModel {
        waba_id: Set(account.waba.uuid()),
        client_id: Set(account.client.uuid()),
        access: Set(account.access.as_str().to_owned()),
        code: Set(account.code),
        failures: Set(account.failures.into()),
        asked_at: Set(account.asked_at),
        answered_at: Set(account.answered_at),
        volumes_at: Set(account.volumes_at),
        next_at: Set(account.next_at),
    };
    let changes = [
        Column::Access,
        Column::Code,
        Column::Failures,
        Column::AskedAt,
        Column::AnsweredAt,
        Column::VolumesAt,
        Column::NextAt,
    ];
    let key = OnConflict::column(Column::WabaId).update_columns(changes).to_owned();
    Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Has an account asked about at the next opportunity, if it ever was.
///
/// # Errors
/// The database is unavailable.
pub async fn ask_soon(tx: &Tx, waba: WabaId, now: Instant) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::NextAt, Expr::val(now))
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(Column::NextAt.gt(now));
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Notes what Meta counted; what it counts otherwise later takes the place of what it counted before.
///
/// # Errors
/// `NotVisible` when the transaction may not know of a client.
pub async fn keep_volumes(tx: &Tx, volumes: &[AccountVolume], now: Instant) -> Result<(), StoreError> {
    use account_volumes::{ActiveModel, Column, Entity};
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    for volume in volumes {
        tx.admit(Some(volume.client))?;
        let row = ActiveModel {
            waba_id: Set(volume.waba.uuid()),
            from_at: Set(volume.from),
            to_at: Set(volume.to),
            client_id: Set(volume.client.uuid()),
            sent: Set(count(volume.sent)),
            delivered: Set(count(volume.delivered)),
            learned_at: Set(now),
        };
        let key = OnConflict::columns([Column::WabaId, Column::FromAt])
            .update_columns([Column::ToAt, Column::Sent, Column::Delivered, Column::LearnedAt])
            .to_owned();
        Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// A page of what Meta counted of an account on days that begin in a time, by day.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_volumes(
    tx: &Tx,
    waba: WabaId,
    span: Span,
    keyset: &Keyset,
) -> Result<Page<AccountVolume>, StoreError> {
    use account_volumes::{Column, Entity};
    let select = Entity::find().filter(Column::WabaId.eq(waba.uuid())).filter(span.holds(Column::FromAt));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::FromAt, id: Column::WabaId }, volume_from_row).await
}

/// What Meta counted of all accounts of a client on days that begin in a time, the earliest first.
///
/// # Errors
/// The database is unavailable.
pub async fn volumes_of_client(tx: &Tx, client: ClientId, span: Span) -> Result<Vec<AccountVolume>, StoreError> {
    use account_volumes::{Column, Entity};
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(span.holds(Column::FromAt))
        .order_by_asc(Column::FromAt)
        .order_by_asc(Column::WabaId);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(volume_from_row).collect()
}

fn volume_from_row(row: account_volumes::Model) -> Result<AccountVolume, StoreError> {
    let place = Place { table: "account_volumes", id: row.waba_id };
    Ok(AccountVolume {
        waba: WabaId::from_uuid(row.waba_id),
        client: ClientId::from_uuid(row.client_id),
        from: row.from_at,
        to: row.to_at,
        sent: place.number("sent", row.sent)?,
        delivered: place.number("delivered", row.delivered)?,
    })
}

/// Notes a comparison; a later one of the same day takes the place of an earlier one.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn keep_check(tx: &Tx, check: &VolumeCheck) -> Result<(), StoreError> {
    use volume_checks::{ActiveModel, Column, Entity};
    tx.admit(Some(check.client))?;
    if let Some(waba) = check.waba {
        return keep_account_check(tx, check, waba).await;
    }
    let row = ActiveModel {
        client_id: Set(check.client.uuid()),
        from_at: Set(check.from),
        to_at: Set(check.to),
        counted_by_meta: Set(signed(check.counted_by_meta)),
        in_send_log: Set(signed(check.in_send_log)),
        checked_at: Set(check.checked_at),
    };
    let changes = [Column::ToAt, Column::CountedByMeta, Column::InSendLog, Column::CheckedAt];
    let key = OnConflict::columns([Column::ClientId, Column::FromAt]).update_columns(changes).to_owned();
    Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    Ok(())
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

async fn keep_account_check(tx: &Tx, check: &VolumeCheck, waba: WabaId) -> Result<(), StoreError> {
    use account_checks::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        waba_id: Set(waba.uuid()),
        from_at: Set(check.from),
        to_at: Set(check.to),
        client_id: Set(check.client.uuid()),
        counted_by_meta: Set(signed(check.counted_by_meta)),
        in_send_log: Set(signed(check.in_send_log)),
        checked_at: Set(check.checked_at),
    };
    let changes = [Column::ToAt, Column::CountedByMeta, Column::InSendLog, Column::CheckedAt];
    let key = OnConflict::columns([Column::WabaId, Column::FromAt]).update_columns(changes).to_owned();
    Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The comparisons of a client over all its accounts, the latest first; `most` at most.
///
/// # Errors
/// The database is unavailable.
pub async fn checks(tx: &Tx, client: ClientId, most: u64) -> Result<Vec<VolumeCheck>, StoreError> {
    use volume_checks::{Column, Entity};
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid())).order_by_desc(Column::FromAt).limit(most);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter()
        .map(|row| {
            let place = Place { table: "volume_checks", id: row.client_id };
            Ok(VolumeCheck {
                client,
                waba: None,
                from: row.from_at,
                to: row.to_at,
                counted_by_meta: place.number("counted_by_meta", row.counted_by_meta)?,
                in_send_log: place.number("in_send_log", row.in_send_log)?,
                checked_at: row.checked_at,
            })
        })
        .collect()
}

/// The comparisons of a client's accounts, each for itself, of days that begin at `from` or later, by day and account.
///
/// # Errors
/// The database is unavailable.
pub async fn account_checks(tx: &Tx, client: ClientId, from: Instant) -> Result<Vec<VolumeCheck>, StoreError> {
    use account_checks::{Column, Entity};
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::FromAt.gte(from))
        .order_by_asc(Column::FromAt)
        .order_by_asc(Column::WabaId);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter()
        .map(|row| {
            let place = Place { table: "account_checks", id: row.waba_id };
            Ok(VolumeCheck {
                client,
                waba: Some(WabaId::from_uuid(row.waba_id)),
                from: row.from_at,
                to: row.to_at,
                counted_by_meta: place.number("counted_by_meta", row.counted_by_meta)?,
                in_send_log: place.number("in_send_log", row.in_send_log)?,
                checked_at: row.checked_at,
            })
        })
        .collect()
}
