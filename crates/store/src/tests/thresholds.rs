//! Versions of thresholds, and previews.

use chrono::TimeDelta;
use domain::{
    AuditId, AuditPreviewId, ThresholdVersionId,
    access::Visibility,
    audits::{Audit, AuditFailure, AuditState},
    previews::{AuditPreview, PreviewFinding, WhatWouldBe},
    thresholds::{Overrides, ThresholdVersion, UsedThresholds},
    traffic::{
        AuditParameters, Figure, Finding, Period, Profile, RuleId, RuleResult, RuleState, Severity, Subject,
        SubjectKind,
    },
};
use serde_json::json;

use super::{id, now, only, three_clients};
use crate::{Store, StoreError, audits, both_stores, findings, page::Keyset, previews, testing::TestStore, thresholds};

fn version(number: u128, client: Option<u128>, ordinal: i32, hours: i64) -> ThresholdVersion {
    ThresholdVersion {
        id: ThresholdVersionId::from_uuid(uuid::Uuid::from_u128(number)),
        client: client.map(id),
        version: ordinal,
        overrides: Overrides::stored(&json!({ "list": { "deadShare": 0.25 }, "spike": { "minDays": 14 } })),
        effective_at: now() + TimeDelta::hours(hours),
        created_at: now(),
        author: None,
        reason: "measured in October".to_owned(),
    }
}

async fn insert(store: &Store, version: &ThresholdVersion) {
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    thresholds::insert(&tx, version).await.unwrap();
    tx.commit().await.unwrap();
}

fn audit(number: u128, client: u128) -> Audit {
    Audit {
        id: AuditId::from_uuid(uuid::Uuid::from_u128(number)),
        client: id(client),
        job: None,
        state: AuditState::Queued,
        parameters: AuditParameters {
            from: None,
            to: None,
            profile: Profile::Full,
            messaging_limit: None,
            as_of: now(),
        },
        thresholds: UsedThresholds {
            versions: vec![ThresholdVersionId::from_uuid(uuid::Uuid::from_u128(7))],
            values: json!({ "list": { "deadShare": 0.25 } }),
        },
        period: Period::default(),
        is_provisional: false,
        requested_by: None,
        requested_at: now(),
        started_at: None,
        finished_at: None,
        previous: None,
        failure: None,
    }
}

fn preview(number: u128, audit: &Audit) -> AuditPreview {
    AuditPreview {
        without: Vec::new(),
        searches_remedies: false,
        id: AuditPreviewId::from_uuid(uuid::Uuid::from_u128(number)),
        client: audit.client,
        audit: audit.id,
        job: None,
        state: AuditState::Queued,
        overrides: Overrides::stored(&json!({ "list": { "deadShare": 0.5 } })),
        thresholds: json!({ "list": { "deadShare": 0.5 } }),
        requested_by: None,
        requested_at: now(),
        started_at: None,
        finished_at: None,
        failure: None,
    }
}

fn found(list: &str) -> PreviewFinding {
    let subject = Subject::of(SubjectKind::List, Some(list));
    PreviewFinding {
        rule: RuleId::Con01,
        fingerprint: Finding::fingerprint_of(RuleId::Con01, &subject),
        severity: Severity::High,
        subject,
        messages: 3,
        recipients: 2,
        figures: [("share".to_owned(), Figure::Value(0.5))].into(),
    }
}

both_stores! {
    async fn a_version_reads_back_and_the_last_one_that_has_begun_holds(store: TestStore) {
        three_clients(&store).await;
        let (first, second) = (version(1, None, 1, 0), version(2, None, 2, 24));
        let (own, other) = (version(3, Some(1), 1, 12), version(4, Some(2), 1, 0));
        for version in [&first, &second, &own, &other] {
            insert(&store, version).await;
        }
        let tx = store.read(&only(1)).await.unwrap();
        let holds = async |hours| {
            let at = now() + TimeDelta::hours(hours);
            let in_force = thresholds::in_force(&tx, Some(id(1)), at).await.unwrap();
            (in_force.bsp, in_force.client)
        };
        assert_eq!(holds(-1).await, (None, None));
        assert_eq!(holds(0).await, (Some(first.clone()), None));
        assert_eq!(holds(12).await, (Some(first.clone()), Some(own.clone())));
        assert_eq!(holds(30).await, (Some(second.clone()), Some(own.clone())));
        assert_eq!(thresholds::latest(&tx, None).await.unwrap(), Some(second.clone()));
        assert_eq!(thresholds::latest(&tx, Some(id(1))).await.unwrap(), Some(own.clone()));
        let page = thresholds::page(&tx, None, &Keyset::first(9)).await.unwrap();
        assert_eq!(page.items, [first, second]);
    }

    async fn the_bsp_s_versions_are_read_by_all_and_a_client_s_by_itself(store: TestStore) {
        three_clients(&store).await;
        let (bsp, own, other) = (version(1, None, 1, 0), version(2, Some(1), 1, 0), version(3, Some(2), 1, 0));
        for version in [&bsp, &own, &other] {
            insert(&store, version).await;
        }
        let tx = store.read(&only(1)).await.unwrap();
        let mut seen = thresholds::by_ids(&tx, &[bsp.id, own.id, other.id]).await.unwrap();
        seen.sort_by_key(|version| version.id);
        assert_eq!(seen, [bsp, own]);
        assert_eq!(thresholds::latest(&tx, Some(id(2))).await.unwrap(), None);
    }

    async fn a_number_is_given_once_for_each_owner(store: TestStore) {
        three_clients(&store).await;
        for version in [version(1, None, 1, 0), version(2, Some(1), 1, 0), version(3, Some(2), 1, 0)] {
            insert(&store, &version).await;
        }
        for again in [version(4, None, 1, 0), version(5, Some(1), 1, 0)] {
            let tx = store.write(&Visibility::AllClients).await.unwrap();
            let refused = thresholds::insert(&tx, &again).await.unwrap_err();
            assert!(refused.is_conflict(), "{refused:?}");
        }
    }

    async fn a_client_sets_nothing_for_all_or_for_others(store: TestStore) {
        three_clients(&store).await;
        for foreign in [version(1, None, 1, 0), version(2, Some(2), 1, 0)] {
            let tx = store.write(&only(1)).await.unwrap();
            assert_eq!(thresholds::insert(&tx, &foreign).await.unwrap_err(), StoreError::NotVisible);
        }
    }

    async fn an_audit_keeps_what_it_used(store: TestStore) {
        three_clients(&store).await;
        let asked = audit(1, 1);
        let tx = store.write(&Visibility::System).await.unwrap();
        audits::insert(&tx, &asked).await.unwrap();
        assert_eq!(audits::by_id(&tx, asked.id).await.unwrap().unwrap(), asked);
        assert_eq!(audits::surroundings(&tx, asked.id).await.unwrap(), None);
    }

    async fn a_preview_stands_apart_from_audits(store: TestStore) {
        three_clients(&store).await;
        let (audit, preview) = (audit(1, 1), preview(2, &audit(1, 1)));
        let tx = store.write(&Visibility::System).await.unwrap();
        audits::insert(&tx, &audit).await.unwrap();
        previews::insert(&tx, &preview).await.unwrap();
        previews::start(&tx, preview.id, now()).await.unwrap();
        let rules = [RuleResult { rule: RuleId::Con01, state: RuleState::Finding, provisional: false }];
        assert_eq!(previews::rules(&tx, preview.id).await.unwrap(), None);
        previews::complete(&tx, &preview, &rules, &[found("a"), found("b")], &WhatWouldBe::default(), now()).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.read(&only(1)).await.unwrap();
        let kept = previews::by_ids(&tx, &[preview.id]).await.unwrap().pop().unwrap();
        let expected = AuditPreview {
            state: AuditState::Completed,
            started_at: Some(now()),
            finished_at: Some(now()),
            ..preview.clone()
        };
        assert_eq!(kept, expected);
        assert_eq!(previews::rules(&tx, preview.id).await.unwrap().unwrap(), rules);
        assert_eq!(previews::findings(&tx, preview.id).await.unwrap(), [found("a"), found("b")]);
        assert_eq!(previews::page(&tx, audit.id, &Keyset::first(9)).await.unwrap().items, [expected]);
        assert!(findings::all(&tx, audit.id).await.unwrap().is_empty());
        let fingerprint = found("a").fingerprint;
        assert!(findings::ever_seen(&tx, id(1), &[&fingerprint]).await.unwrap().is_empty());
        let tx = store.read(&only(2)).await.unwrap();
        assert!(previews::by_ids(&tx, &[preview.id]).await.unwrap().is_empty());
        assert!(previews::findings(&tx, preview.id).await.unwrap().is_empty());
        assert_eq!(previews::rules(&tx, preview.id).await.unwrap(), None);
    }

    async fn a_preview_that_fails_says_why(store: TestStore) {
        three_clients(&store).await;
        let (audit, preview) = (audit(1, 1), preview(2, &audit(1, 1)));
        let tx = store.write(&Visibility::System).await.unwrap();
        audits::insert(&tx, &audit).await.unwrap();
        previews::insert(&tx, &preview).await.unwrap();
        previews::start(&tx, preview.id, now()).await.unwrap();
        previews::requeue(&tx, preview.id).await.unwrap();
        previews::abandon(&tx, preview.id, Some(AuditFailure::UnreadableTraffic), now()).await.unwrap();
        let kept = previews::by_ids(&tx, &[preview.id]).await.unwrap().pop().unwrap();
        assert_eq!((kept.state, kept.failure), (AuditState::Failed, Some(AuditFailure::UnreadableTraffic)));
        previews::abandon(&tx, preview.id, None, now()).await.unwrap();
        assert_eq!(previews::by_ids(&tx, &[preview.id]).await.unwrap()[0].state, AuditState::Cancelled);
    }
}
