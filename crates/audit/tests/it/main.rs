//! The audit from outside: hand-made histories for every figure and rule, and a naive oracle for random ones.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod advice;
mod attribution;
mod counterfactual;
mod figures_consent;
mod figures_traffic;
mod lint_accuracy;
mod lint_format;
mod lint_words;
mod oracle;
mod properties;
mod risk;
mod rules_accounts;
mod rules_content;
mod rules_engagement;
mod rules_ledger;
mod rules_lint;
mod rules_lists;
mod rules_platform;
mod rules_sending;
mod rules_sources;
mod rules_states;
mod rules_volume;
mod rules_warm_up;
mod strange;
mod traffic;
