//! Why a message failed, by Meta's error code: one table for the whole product.
//!
//! The class decides what is counted against whom: a template's failures are not the list's. Codes are those that Meta
//! documents for message statuses and synchronous errors; a code that is not here is [`FailureClass::Other`].

use crate::words::words;

words! {
    /// What a failure speaks of.
    FailureClass {
        /// The template, or how it was filled.
        Template = "template",
        /// The person: unreachable, unwilling or blocked.
        Recipient = "recipient",
        /// Meta chose not to deliver: too much marketing to that person, or an experiment.
        MetaChoice = "meta_choice",
        /// Free text outside of the customer service window.
        Window = "window",
        /// Too fast.
        Pace = "pace",
        /// The account is restricted, unpaid or unregistered.
        Account = "account",
        /// Meta's platform.
        Platform = "platform",
        /// Anything else: parameters, rights, tokens, media, registration, unknown codes.
        Other = "other",
    }
}

/// Message undeliverable: not on WhatsApp, terms not accepted, or an old client.
pub const UNDELIVERABLE: u32 = 131_026;
/// More than 24 hours since the person wrote: free text refused.
pub const OUTSIDE_WINDOW: u32 = 131_047;
/// Meta chose not to deliver, to keep the ecosystem healthy.
pub const NOT_DELIVERED_BY_CHOICE: u32 = 131_049;
/// Too many messages a second from this number.
pub const THROUGHPUT: u32 = 130_429;
/// The number of parameters is not that of the template.
pub const PARAMETER_COUNT: u32 = 132_000;
/// A parameter has not the format that the template wants.
pub const PARAMETER_FORMAT: u32 = 132_012;
/// The template is paused for low quality, or Meta's pacing dropped the message.
pub const TEMPLATE_PAUSED: u32 = 132_015;
/// The template is disabled for good.
pub const TEMPLATE_DISABLED: u32 = 132_016;
/// Too many messages from this number to this person.
pub const PAIR_RATE_LIMIT: u32 = 131_056;

/// Codes that Meta documents and that speak of none of the other classes, by number.
const DOCUMENTED_OTHERS: &[u32] = &[
    0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 299, 470, 471, 472, 480, 1_013, 131_005, 131_008, 131_009, 131_021, 131_030,
    131_035, 131_036, 131_037, 131_051, 131_052, 131_053, 131_055, 131_057, 131_059, 131_062, 131_063, 132_068,
    132_069, 133_000, 133_004, 133_005, 133_006, 133_008, 133_009, 133_010, 133_015, 133_016, 134_011, 134_100,
    134_101, 134_102, 135_000, 137_000, 139_000, 139_004, 139_100, 139_103, 139_200, 141_002, 141_006, 141_008,
    141_010, 147_001, 147_005, 200_005, 1_752_041, 2_494_100,
];

impl FailureClass {
    /// Whether Meta documents the code. One that it does not is kept and counted as it is.
    pub fn is_documented(code: u32) -> bool {
        Self::of(code) != Self::Other || DOCUMENTED_OTHERS.binary_search(&code).is_ok()
    }

    /// The class of Meta's error code.
    pub const fn of(code: u32) -> Self {
        match code {
            PARAMETER_COUNT | 132_001 | 132_005 | 132_007 | 132_008 | PARAMETER_FORMAT | TEMPLATE_PAUSED
            | TEMPLATE_DISABLED | 132_018 => Self::Template,
            UNDELIVERABLE | 131_050 | 130_403 => Self::Recipient,
            NOT_DELIVERED_BY_CHOICE | 130_472 => Self::MetaChoice,
            OUTSIDE_WINDOW => Self::Window,
            THROUGHPUT | 131_048 | PAIR_RATE_LIMIT | 80_007 => Self::Pace,
            368 | 130_497 | 131_031 | 131_042 | 131_045 | 131_064 | 141_014 => Self::Account,
            // 5xx: some senders log the HTTP status when Meta answered without a code.
            131_000 | 131_016 | 500..=599 => Self::Platform,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code that Meta documents and that speaks of something, with its class.
    const DOCUMENTED: &[(FailureClass, &[u32])] = &[
        (FailureClass::Template, &[132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_018]),
        (FailureClass::Recipient, &[131_026, 131_050, 130_403]),
        (FailureClass::MetaChoice, &[131_049, 130_472]),
        (FailureClass::Window, &[131_047]),
        (FailureClass::Pace, &[130_429, 131_048, 131_056, 80_007]),
        (FailureClass::Account, &[368, 130_497, 131_031, 131_042, 131_045, 131_064, 141_014]),
        (FailureClass::Platform, &[131_000, 131_016, 500, 503, 599]),
    ];

    #[test]
    fn every_documented_code_has_its_class() {
        for (class, codes) in DOCUMENTED {
            for code in *codes {
                assert_eq!(FailureClass::of(*code), *class, "{code}");
            }
        }
    }

    #[test]
    fn codes_that_nobody_documents_are_others_and_known_as_such() {
        assert!(DOCUMENTED_OTHERS.is_sorted());
        for code in DOCUMENTED_OTHERS {
            assert_eq!(
                (FailureClass::of(*code), FailureClass::is_documented(*code)),
                (FailureClass::Other, true),
                "{code}"
            );
        }
        for code in [131_014, 600, 999_999, u32::MAX] {
            assert_eq!(
                (FailureClass::of(code), FailureClass::is_documented(code)),
                (FailureClass::Other, false),
                "{code}"
            );
        }
        assert!(FailureClass::is_documented(UNDELIVERABLE) && FailureClass::is_documented(503));
    }
}
