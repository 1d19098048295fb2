//! Who sets thresholds, and what is refused.

use chrono::TimeDelta;
use domain::{
    ClientId,
    access::{Permission, Role},
};
use serde_json::{Value, json};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{SetThresholds, ThresholdCode, by_ids, current, page, set};
use crate::{OpCtx, OpError, testing::TestApp};

fn values(client: Option<ClientId>, values: Value) -> SetThresholds {
    SetThresholds {
        client,
        values,
        reason: " Measured in October. ".to_owned(),
        effective_at: None,
        expected_version: None,
    }
}

async fn refused(op: &OpCtx, input: SetThresholds) -> Vec<(ThresholdCode, String)> {
    match set(op, input).await {
        Err(OpError::Refused(refusals)) => {
            refusals.into_iter().map(|refusal| (refusal.code, refusal.field.join("."))).collect()
        }
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn share(op: &OpCtx, client: Option<ClientId>) -> String {
    current(op, client, None).await.unwrap().in_force.effective().unwrap().consent.incomplete_share.to_string()
}

both_stores! {
    async fn a_client_s_values_stand_over_the_bsp_s_and_come_back_by_null(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let analyst = app.user(Role::Analyst, None).await.actor();
        let op = || app.op(analyst.clone());
        let incomplete = |value: Value| json!({ "consent": { "incompleteShare": value } });
        let bsp = set(&op(), values(None, incomplete(json!(0.1)))).await.unwrap();
        assert_eq!((bsp.version, bsp.reason.as_str(), bsp.author), (1, "Measured in October.", analyst.user()));
        let own = set(&op(), values(Some(alfa), incomplete(json!(0.2)))).await.unwrap();
        assert_eq!((share(&op(), Some(alfa)).await, share(&op(), Some(beta)).await, share(&op(), None).await), ("0.2".into(), "0.1".into(), "0.1".into()));
        let back = set(&op(), values(Some(alfa), json!({ "consent": null }))).await.unwrap();
        assert_eq!((back.version, back.overrides.is_empty()), (2, true));
        assert_eq!(share(&op(), Some(alfa)).await, "0.1");
        let page = page(&op(), Some(alfa), &Keyset::first(9)).await.unwrap();
        assert_eq!(page.items, [own, back], "nothing that held is lost");
    }

    async fn a_version_may_begin_later_and_what_is_not_named_stays(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await.actor();
        let op = || app.op(admin.clone());
        let tomorrow = op().now() + TimeDelta::days(1);
        set(&op(), values(None, json!({ "list": { "deadShare": 0.3 } }))).await.unwrap();
        let later = SetThresholds { effective_at: Some(tomorrow), ..values(None, json!({ "consent": { "incompleteShare": 0.2 } })) };
        let later = set(&op(), later).await.unwrap();
        assert_eq!(later.overrides.to_json(), json!({ "list": { "deadShare": 0.3 }, "consent": { "incompleteShare": 0.2 } }));
        assert_eq!(share(&op(), None).await, "0.05");
        let then = current(&op(), None, Some(tomorrow)).await.unwrap();
        assert_eq!((then.in_force.bsp.unwrap().id, then.latest), (later.id, 2));
        let sooner = values(None, json!({ "consent": { "incompleteShare": 0.4 } }));
        assert_eq!(refused(&op(), sooner).await, [(ThresholdCode::EffectiveBeforeLatest, "effectiveAt".to_owned())]);
        let past = SetThresholds { effective_at: Some(op().now() - TimeDelta::seconds(1)), ..values(None, json!({})) };
        assert_eq!(refused(&op(), past).await, [(ThresholdCode::EffectiveInPast, "effectiveAt".to_owned())]);
    }

    async fn what_no_threshold_takes_is_refused_by_its_path(store: TestStore) {
        let app = TestApp::new(store);
        let op = app.staff(Role::BspAdmin).await;
        let bad = json!({ "consent": { "incompleteShare": 7, "nothing": 1 }, "template": { "minMessages": 0.5 } });
        let mut codes = refused(&op, values(None, bad)).await;
        codes.sort_by(|one, other| one.1.cmp(&other.1));
        let expected = [
            (ThresholdCode::OutOfRange, "values.consent.incompleteShare"),
            (ThresholdCode::Unknown, "values.consent.nothing"),
            (ThresholdCode::WrongKind, "values.template.minMessages"),
        ];
        assert_eq!(codes, expected.map(|(code, field)| (code, field.to_owned())));
        let order = values(None, json!({ "limit": { "mediumShare": 0.99 } }));
        assert_eq!(refused(&op, order).await, [(ThresholdCode::OrderBroken, "values.limit.highShare".to_owned())]);
        assert_eq!(refused(&op, values(None, json!({}))).await, [(ThresholdCode::NothingChanges, "values".to_owned())]);
        let silent = SetThresholds { reason: " ".to_owned(), ..values(None, json!({ "list": { "deadShare": 0.3 } })) };
        assert_eq!(refused(&op, silent).await, [(ThresholdCode::ReasonInvalid, "reason".to_owned())]);
    }

    async fn whoever_saw_another_version_is_told(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await.actor();
        let input = |expected, share: f64| SetThresholds {
            expected_version: Some(expected),
            ..values(None, json!({ "list": { "deadShare": share } }))
        };
        let op = || app.op(admin.clone());
        let early = set(&op(), input(1, 0.3)).await;
        assert!(matches!(early, Err(OpError::Conflict { current: 0 })), "{early:?}");
        assert_eq!(set(&op(), input(0, 0.3)).await.unwrap().version, 1);
        let late = set(&op(), input(0, 0.4)).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 1 })), "{late:?}");
    }

    async fn clients_read_what_they_are_judged_by_and_set_nothing(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.staff(Role::BspAdmin).await;
        let one = |client| values(client, json!({ "list": { "deadShare": 0.3 } }));
        let versions = [set(&admin, one(None)).await.unwrap(), set(&admin, one(Some(beta))).await.unwrap()];
        for role in [Role::ClientAdmin, Role::ClientViewer] {
            let op = app.client_user(role, alfa).await;
            assert_eq!(current(&op, Some(alfa), None).await.unwrap().in_force.bsp.unwrap().id, versions[0].id);
            assert!(matches!(current(&op, Some(beta), None).await, Err(OpError::NotFound)));
            assert!(matches!(page(&op, Some(beta), &Keyset::first(1)).await, Err(OpError::NotFound)));
            let seen = by_ids(&op, &versions.each_ref().map(|version| version.id)).await.unwrap();
            assert_eq!(seen, versions[..1]);
            for client in [None, Some(alfa)] {
                assert!(matches!(set(&op, one(client)).await, Err(OpError::Forbidden(Permission::ThresholdsWrite))));
            }
            assert!(matches!(set(&op, one(Some(beta))).await, Err(OpError::NotFound)));
        }
        for role in [Role::Auditor, Role::SupportAgent] {
            let op = app.staff(role).await;
            assert!(matches!(set(&op, one(None)).await, Err(OpError::Forbidden(_))), "{role:?}");
        }
        // A program of one client that was given the permission sets nothing for the others.
        let program = app.program(Some(alfa), &[Permission::ThresholdsWrite]);
        assert!(matches!(set(&program, one(None)).await, Err(OpError::Forbidden(_))));
        assert!(matches!(current(&program, None, None).await, Err(OpError::Forbidden(_))));
    }
}
