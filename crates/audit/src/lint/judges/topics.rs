//! PRO-01, PRO-02, PRO-03 and TPL-13: what words betray.
//!
//! Sources: Meta, violation types of policy enforcement (November 2025) for prohibited goods; its exceptions for alcohol,
//! over-the-counter drugs and real-money games (27 August 2024) for regulated ones; *WhatsApp Business Messaging Policy* (3 November
//! 2025) for sensitive data; *Template categorization* (September 2026) for one-time codes.

use domain::traffic::{Category, LintCode};

use super::Case;
use crate::lint::lexicon::Topic;

const PROHIBITED: [(Topic, LintCode); 15] = [
    (Topic::Weapons, LintCode::Weapons),
    (Topic::Drugs, LintCode::Drugs),
    (Topic::Tobacco, LintCode::Tobacco),
    (Topic::Adult, LintCode::Adult),
    (Topic::Animals, LintCode::Animals),
    (Topic::BodyParts, LintCode::BodyParts),
    (Topic::Counterfeit, LintCode::Counterfeit),
    (Topic::Finance, LintCode::Finance),
    (Topic::Dating, LintCode::Dating),
    (Topic::Mlm, LintCode::Mlm),
    (Topic::Political, LintCode::Political),
    (Topic::Supplements, LintCode::Supplements),
    (Topic::FakeMoney, LintCode::FakeMoney),
    (Topic::Illegal, LintCode::Illegal),
    (Topic::Scam, LintCode::Scam),
];

/// Goods that a permit allows, with the trade of the permit. Casinos and betting are prohibited (PRO-01) unless permitted.
const PERMITTED: [(Topic, LintCode, &str); 4] = [
    (Topic::Gambling, LintCode::Gambling, "gambling"),
    (Topic::Alcohol, LintCode::Alcohol, "alcohol"),
    (Topic::Otc, LintCode::OtcDrugs, "otc_drugs"),
    (Topic::Games, LintCode::RealMoneyGames, "gambling"),
];

/// The trade whose permit allows such goods.
pub(crate) fn trade_of(code: LintCode) -> Option<&'static str> {
    PERMITTED.iter().find(|(_, known, _)| *known == code).map(|(.., trade)| *trade)
}

/// PRO-01 and PRO-02. Where a permit holds does not matter here: to whom a template goes, its text does not tell.
pub(super) fn judge_goods(case: &mut Case<'_>) {
    for (topic, code) in PROHIBITED {
        let hits = case.found.enough(topic);
        case.object_to(&hits, code);
    }
    for (topic, code, trade) in PERMITTED {
        let permits = case.context.client.and_then(|client| client.permits.as_deref()).unwrap_or_default();
        if !permits.iter().any(|permit| permit.trade == trade) {
            let hits = case.found.enough(topic);
            case.object_to(&hits, code);
        }
    }
}

/// PRO-03.
pub(super) fn judge_sensitive(case: &mut Case<'_>) {
    let hits = case.found.enough(Topic::Sensitive);
    case.object_to(&hits, LintCode::SensitiveData);
}

/// TPL-13: one-time codes belong into authentication templates.
pub(super) fn judge_codes(case: &mut Case<'_>) {
    if case.template.category.is_some_and(|category| category != Category::Authentication) {
        let hits = case.found.enough(Topic::Code);
        case.object_to(&hits, LintCode::OneTimeCode);
    }
}
