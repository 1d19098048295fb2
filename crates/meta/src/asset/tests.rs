use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::template::any_json;

fn read(value: Value) -> Asset {
    Asset::from_value(value).unwrap()
}

fn limit(field: &str, value: Value) -> Result<Option<MessagingLimit>, ReadError> {
    match Asset::from_value(json!({"kind": "portfolio", "id": "1", field: value}))? {
        Asset::Portfolio(portfolio) => Ok(portfolio.messaging_limit),
        other => panic!("not a portfolio: {other:?}"),
    }
}

#[test]
fn a_messaging_limit_is_read_in_every_spelling_of_meta() {
    use MessagingLimit::{Recipients, Unlimited};
    for (spelling, expected) in [
        (json!("TIER_50"), Some(Recipients(50))),
        (json!("TIER_250"), Some(Recipients(250))),
        (json!("TIER_1K"), Some(Recipients(1_000))),
        (json!("TIER_2K"), Some(Recipients(2_000))),
        (json!("tier_10k"), Some(Recipients(10_000))),
        (json!("TIER_100K"), Some(Recipients(100_000))),
        (json!("TIER_1M"), Some(Recipients(1_000_000))),
        (json!("2000"), Some(Recipients(2_000))),
        (json!(2000), Some(Recipients(2_000))),
        (json!("TIER_UNLIMITED"), Some(Unlimited)),
        (json!("UNLIMITED"), Some(Unlimited)),
        (json!(-1), Some(Unlimited)),
        (json!("-1"), Some(Unlimited)),
        (json!("TIER_NOT_SET"), None),
        (Value::Null, None),
    ] {
        for field in
            ["messaging_limit", "whatsapp_business_manager_messaging_limit", "max_daily_conversations_per_business"]
        {
            assert_eq!(limit(field, spelling.clone()), Ok(expected), "{field}: {spelling}");
        }
    }
    for bad in [
        json!("TIER_"),
        json!("TIER_K"),
        json!("many"),
        json!(0),
        json!(-2),
        json!(1.5),
        json!("-1K"),
        json!("9999999999999999999M"),
    ] {
        assert!(matches!(limit("messaging_limit", bad.clone()), Err(ReadError::InvalidValue { .. })), "{bad}");
    }
    assert!(matches!(
        limit("messaging_limit", json!([2000])),
        Err(ReadError::WrongType { field: "messaging_limit", found: "an array", .. })
    ));
}

#[test]
fn the_strictest_limit_counts() {
    let assets: Assets = ["TIER_NOT_SET", "TIER_UNLIMITED", "TIER_10K", "TIER_2K"]
        .into_iter()
        .map(|tier| read(json!({"kind": "portfolio", "id": tier, "messaging_limit": tier})))
        .collect();
    assert_eq!(assets.least_messaging_limit(), Some(MessagingLimit::Recipients(2_000)));
    assert_eq!(Assets::default().least_messaging_limit(), None);
}

#[test]
fn a_client_says_its_names_domains_and_permits() {
    let Asset::Client(client) = read(json!({
        "kind": "client", "id": 7, "name": "Nordic Shoes", "legal_name": "Nordic Shoes S.r.l.",
        "brand_names": ["Nordic", "Nordic Shoes"], "domains": ["nordic.example"],
        "permits": [{"kind": "alcohol", "country": "IT"}], "vertical": "retail"
    })) else {
        panic!("not a client")
    };
    assert_eq!(client.id.as_deref(), Some("7"));
    assert_eq!(client.legal_names, ["Nordic Shoes S.r.l."]);
    assert_eq!(client.brand_names.len(), 2);
    assert_eq!(client.verified_domains, ["nordic.example"]);
    assert_eq!(client.permits.len(), 1);
    assert_eq!(client.other["vertical"], "retail");
}

#[test]
fn numbers_campaigns_and_wordings_are_read_in_both_spellings() {
    let Asset::Number(number) = read(
        json!({"kind": "number", "phone_number_id": 100_200_300_400_u64, "first_use": "2026-01-05T08:00:00+0100"}),
    ) else {
        panic!("not a number")
    };
    assert_eq!(number.id, "100200300400");
    assert_eq!(number.first_used_at.unwrap().to_rfc3339(), "2026-01-05T07:00:00+00:00");

    let Asset::Campaign(campaign) = read(json!({
        "kind": "campaign", "id": "autunno", "template": "promo_autunno", "number": "1", "start": 1_790_000_000, "size": "500"
    })) else {
        panic!("not a campaign")
    };
    assert_eq!(campaign.template_name.as_deref(), Some("promo_autunno"));
    assert_eq!(campaign.phone_number_id.as_deref(), Some("1"));
    assert_eq!((campaign.starts_at.unwrap().timestamp(), campaign.size), (1_790_000_000, Some(500)));

    let Asset::Wording(wording) = read(json!({"kind": "wording", "version": 4, "language": "it", "text": "Accetto …"}))
    else {
        panic!("not a wording")
    };
    assert_eq!(wording.version, "4");
}

#[test]
fn a_suppression_lists_people_and_never_prints_them() {
    let asset =
        read(json!({"kind": "suppression", "recipients": ["393331234567", 393_331_234_568_u64], "reason": "stop"}));
    let Asset::Suppression(suppression) = &asset else { panic!("not a suppression") };
    assert_eq!(suppression.recipients, ["393331234567", "393331234568"]);
    assert!(!format!("{asset:?}").contains("39333"));
    let one = read(json!({"kind": "suppression", "recipient": "393331234567"}));
    assert!(matches!(one, Asset::Suppression(one) if one.recipients.len() == 1));
}

#[test]
fn a_domain_is_lower_cased() {
    let Asset::Domain(domain) = read(json!({"kind": "domain", "domain": "Shop.Example.", "verified": true})) else {
        panic!("not a domain")
    };
    assert_eq!((domain.domain.as_str(), domain.verified), ("shop.example", Some(true)));
}

#[test]
fn an_asset_is_told_from_others_of_its_kind() {
    for (line, identity) in [
        (json!({"kind": "client", "id": 7}), Some(("client", ""))),
        (json!({"kind": "wording", "version": "v4", "text": "x"}), Some(("wording", "v4"))),
        (json!({"kind": "domain", "domain": "A.example"}), Some(("domain", "a.example"))),
        (json!({"kind": "flow", "name": "sign_up"}), Some(("flow", "sign_up"))),
        (json!({"kind": "flow"}), None),
        (json!({"kind": "suppression", "recipient": "393331234567"}), None),
    ] {
        assert_eq!(read(line).identity(), identity);
    }
}

#[test]
fn unknown_kinds_are_kept_and_counted() {
    let assets: Assets = [
        json!({"kind": "flow", "id": 1}),
        json!({"kind": "flow", "id": 2}),
        json!({"kind": "catalog"}),
        json!({"kind": "domain", "domain": "a.example"}),
    ]
    .into_iter()
    .map(read)
    .collect();
    assert_eq!(assets.unknown_kinds().into_iter().collect::<Vec<_>>(), [("catalog", 1), ("flow", 2)]);
    assert_eq!(assets.unknown[1].fields["id"], 2);
    assert_eq!(assets.domains.len(), 1);
}

#[test]
fn what_is_missing_or_unreadable_is_named() {
    for (value, field) in [
        (json!({}), "kind"),
        (json!({"kind": "portfolio"}), "id"),
        (json!({"kind": "number", "id": ""}), "id"),
        (json!({"kind": "wording", "version": "v1"}), "text"),
        (json!({"kind": "wording", "text": "x"}), "version"),
        (json!({"kind": "campaign"}), "id"),
        (json!({"kind": "suppression", "recipients": []}), "recipients"),
        (json!({"kind": "domain"}), "domain"),
    ] {
        assert_eq!(Asset::from_value(value), Err(ReadError::Missing { field }));
    }
    assert!(matches!(
        Asset::from_value(json!({"kind": "campaign", "id": "1", "start": "tomorrow"})),
        Err(ReadError::InvalidValue { field: "start", .. })
    ));
    assert!(matches!(
        Asset::from_value(json!({"kind": "domain", "domain": "a", "verified": "yes"})),
        Err(ReadError::WrongType { field: "verified", .. })
    ));
}

proptest! {
    #[test]
    fn no_json_panics(
        kind in prop::sample::select(vec!["client", "portfolio", "number", "wording", "campaign", "suppression", "domain", "?"]),
        mut value in any_json(),
    ) {
        if let Some(fields) = value.as_object_mut() {
            fields.insert("kind".to_owned(), json!(kind));
        }
        let _ = Asset::from_value(value);
    }

    #[test]
    fn no_limit_panics(text in "(TIER_)?[-0-9KMkmé]{0,24}") {
        let _ = limit("messaging_limit", json!(text));
    }
}
