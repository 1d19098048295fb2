//! What the lint of a template says: why it objects, and where.

use std::collections::BTreeMap;

use super::{RuleId, Severity};
use crate::words::words;

words! {
    /// A part of a template.
    Component {
        /// The template as a whole: its name, its category, its language.
        Template = "template",
        /// The header.
        Header = "header",
        /// The body.
        Body = "body",
        /// The footer.
        Footer = "footer",
        /// What stands on a button.
        Button = "button",
        /// Where a button leads.
        ButtonUrl = "button_url",
    }
}

/// A range of a component's text, in characters (Unicode scalar values) from its beginning, the end excluded: what Meta's
/// limits count too. Neither bytes nor UTF-16 units: a program that counts those has to convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// The first character.
    pub start: u32,
    /// The character after the last.
    pub end: u32,
}

/// Where in a template the lint objects, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The component.
    pub component: Component,
    /// The button's place among the buttons, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<u32>,
    /// Which characters; absent when it is about the component as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Why.
    pub code: LintCode,
}

/// A fact that explains an objection of the lint.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum LintArgument {
    /// A count.
    Count(u64),
    /// A share from 0 to 1.
    Share(f64),
    /// A name or a quotation.
    Text(String),
}

/// One objection of the lint.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LintFinding {
    /// The rule.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// Where and why.
    #[serde(flatten)]
    pub place: Place,
    /// Facts that explain it: arguments of its text.
    pub arguments: BTreeMap<String, LintArgument>,
}

macro_rules! codes {
    ($($rule:ident { $($(#[$doc:meta])* $code:ident = $text:literal,)* })*) => {
        words! {
            /// Why the lint objects; each reason belongs to one rule. Stable names: they stand in the API and in exports.
            LintCode {
                $($($(#[$doc])* $code = $text,)*)*
            }
        }

        impl LintCode {
            /// The rule that it belongs to.
            pub const fn rule(self) -> RuleId {
                match self {
                    $($(Self::$code)|* => RuleId::$rule,)*
                }
            }
        }
    };
}

codes! {
    Con11 {
        /// A marketing template offers no way out.
        NoOptOut = "no_opt_out",
    }
    Tpl05 {
        /// Words that promote.
        PromotionalWords = "promotional_words",
        /// A discount or a price that attracts.
        Discount = "discount",
        /// It presses for time.
        Urgency = "urgency",
        /// It calls to a shop.
        ShopCall = "shop_call",
        /// It refers to nothing that the person ordered or asked for.
        NoReference = "no_reference",
    }
    Tpl07 {
        /// The name has other characters than lower-case letters, digits and underscores, or is too long.
        NameInvalid = "name_invalid",
        /// There is no body.
        BodyMissing = "body_missing",
        /// The body is too long.
        BodyTooLong = "body_too_long",
        /// The header is too long.
        HeaderTooLong = "header_too_long",
        /// The footer is too long.
        FooterTooLong = "footer_too_long",
        /// The body begins with a variable.
        VariableAtStart = "variable_at_start",
        /// The body ends with a variable.
        VariableAtEnd = "variable_at_end",
        /// Nothing stands between two variables.
        AdjacentVariables = "adjacent_variables",
        /// The numbers of variables do not run from 1 without a gap.
        VariablesNotSequential = "variables_not_sequential",
        /// Numbered and named variables stand together.
        MixedVariables = "mixed_variables",
        /// Braces that are no variable.
        MalformedVariable = "malformed_variable",
        /// A variable has no sample value.
        MissingSample = "missing_sample",
        /// The header has more than one variable.
        HeaderVariables = "header_variables",
        /// The footer has a variable.
        FooterVariable = "footer_variable",
        /// Too many emojis.
        TooManyEmojis = "too_many_emojis",
        /// What stands on a button is too long.
        ButtonTooLong = "button_too_long",
        /// Nothing stands on a button.
        ButtonEmpty = "button_empty",
        /// What stands on a button has a variable.
        ButtonVariable = "button_variable",
        /// Too many buttons.
        TooManyButtons = "too_many_buttons",
        /// Too many buttons that lead to addresses.
        TooManyUrlButtons = "too_many_url_buttons",
        /// Too many buttons that call a number.
        TooManyPhoneButtons = "too_many_phone_buttons",
        /// Other buttons stand between quick replies.
        QuickRepliesApart = "quick_replies_apart",
        /// An address is too long.
        UrlTooLong = "url_too_long",
        /// An address has a variable elsewhere than at its end.
        UrlVariable = "url_variable",
    }
    Tpl08 {
        /// Few words for the number of variables.
        FewWords = "few_words",
        /// A sample value is free text.
        LongSample = "long_sample",
        /// A sample value holds a link.
        LinkInSample = "link_in_sample",
    }
    Tpl10 {
        /// A link hides where it leads.
        ShortenedLink = "shortened_link",
        /// A link leads to a domain that is not the client's.
        ForeignDomain = "foreign_domain",
        /// A variable decides to which host a link leads.
        VariableHost = "variable_host",
        /// A link leads to an address of numbers.
        NumericAddress = "numeric_address",
        /// A button opens another chat on WhatsApp.
        ChatLink = "chat_link",
    }
    Tpl12 {
        /// Almost the text of a template that Meta rejected, paused or disabled.
        NearDuplicate = "near_duplicate",
    }
    Tpl13 {
        /// A one-time code, or proof of identity.
        OneTimeCode = "one_time_code",
    }
    Pro01 {
        /// Weapons, ammunition, explosives.
        Weapons = "weapons",
        /// Illegal, recreational and prescription drugs.
        Drugs = "drugs",
        /// Tobacco, and what replaces it.
        Tobacco = "tobacco",
        /// Adult products and services.
        Adult = "adult",
        /// Living animals, and parts of endangered ones.
        Animals = "animals",
        /// Human organs and fluids.
        BodyParts = "body_parts",
        /// Gambling.
        Gambling = "gambling",
        /// Counterfeit goods and pirated media.
        Counterfeit = "counterfeit",
        /// Short-term loans, debt collection, cryptocurrencies, promised returns.
        Finance = "finance",
        /// Dating.
        Dating = "dating",
        /// Multi-level marketing, promised income.
        Mlm = "mlm",
        /// Parties, candidates, campaigns.
        Political = "political",
        /// Unsafe supplements.
        Supplements = "supplements",
        /// False and virtual money.
        FakeMoney = "fake_money",
        /// False documents, intrusion, bought followers.
        Illegal = "illegal",
        /// Prizes and threats that deceive.
        Scam = "scam",
    }
    Pro02 {
        /// Alcohol, without a permit on record.
        Alcohol = "alcohol",
        /// Over-the-counter drugs, without a permit on record.
        OtcDrugs = "otc_drugs",
        /// Games for money, without a permit on record.
        RealMoneyGames = "real_money_games",
    }
    Pro03 {
        /// It asks for numbers of cards, accounts or documents, for passwords, or for health data.
        SensitiveData = "sensitive_data",
    }
}

impl LintCode {
    /// How bad it is: as bad as a finding of its rule.
    pub const fn severity(self) -> Severity {
        match self.rule() {
            RuleId::Pro01 => Severity::Critical,
            RuleId::Tpl05 | RuleId::Tpl12 | RuleId::Tpl13 | RuleId::Pro02 | RuleId::Pro03 => Severity::High,
            _ => Severity::Medium,
        }
    }

    /// Key of its text in the crate `i18n`, such as `lint-variable-at-start`; its arguments are those of the finding.
    pub fn text_key(self) -> String {
        format!("lint-{}", self.as_str().replace('_', "-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_belongs_to_one_rule_and_has_a_key() {
        assert_eq!(LintCode::VariableAtStart.rule(), RuleId::Tpl07);
        assert_eq!(LintCode::VariableAtStart.text_key(), "lint-variable-at-start");
        for code in LintCode::ALL {
            assert_eq!(LintCode::ALL.iter().filter(|other| other.as_str() == code.as_str()).count(), 1);
        }
    }

    #[test]
    fn a_place_is_flat_in_json() {
        let place = Place {
            component: Component::Body,
            button: None,
            span: Some(Span { start: 0, end: 5 }),
            code: LintCode::VariableAtStart,
        };
        let finding =
            LintFinding { rule: RuleId::Tpl07, severity: Severity::Medium, place, arguments: BTreeMap::new() };
        assert_eq!(
            serde_json::to_value(finding).unwrap(),
            serde_json::json!({
                "rule": "TPL-07", "severity": "MEDIUM", "component": "body", "span": {"start": 0, "end": 5},
                "code": "variable_at_start", "arguments": {}
            })
        );
    }
}
