//! What can be mended when thresholds are set.

use domain::thresholds::{FaultKind, ThresholdFault};

use crate::{Code, Refusal};

/// Why thresholds were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdCode {
    /// There is no such threshold.
    Unknown,
    /// The value is of another kind than the threshold.
    WrongKind,
    /// The value is beyond its bounds.
    OutOfRange,
    /// Lines of rising severity would lose their order.
    OrderBroken,
    /// Nothing would change.
    NothingChanges,
    /// The reason is empty or longer than 1,000 characters.
    ReasonInvalid,
    /// It would hold from an instant that has passed.
    EffectiveInPast,
    /// It would hold before the version before it.
    EffectiveBeforeLatest,
}

impl Code for ThresholdCode {
    fn key(self) -> &'static str {
        match self {
            Self::Unknown => "error-threshold-unknown",
            Self::WrongKind => "error-threshold-kind",
            Self::OutOfRange => "error-out-of-range",
            Self::OrderBroken => "error-threshold-order",
            Self::NothingChanges => "error-threshold-nothing",
            Self::ReasonInvalid => "error-threshold-reason",
            Self::EffectiveInPast => "error-threshold-past",
            Self::EffectiveBeforeLatest => "error-threshold-before-latest",
        }
    }
}

/// The code of a value that was refused.
const fn code_of(kind: FaultKind) -> ThresholdCode {
    match kind {
        FaultKind::Unknown => ThresholdCode::Unknown,
        FaultKind::Kind => ThresholdCode::WrongKind,
        FaultKind::Range(_) => ThresholdCode::OutOfRange,
        FaultKind::Order => ThresholdCode::OrderBroken,
    }
}

/// A refused value, at its place in the input's field `values`.
pub(crate) fn refusal<C: Code>(fault: &ThresholdFault, code: impl Fn(ThresholdCode) -> C) -> Refusal<C> {
    let field = std::iter::once("values".to_owned()).chain(fault.path.iter().cloned()).collect();
    let mut refusal = Refusal { code: code(code_of(fault.kind)), field, arguments: Vec::new() };
    if let FaultKind::Range(bounds) = fault.kind {
        refusal = refusal.with("minimum", bounds.least).with("maximum", bounds.greatest);
    }
    refusal.with("threshold", fault.path.join("."))
}
