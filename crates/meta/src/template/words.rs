//! Open sets of words: Meta adds to them without notice, so that every set keeps what it does not know.

/// Makes an enum of known words and one variant that keeps any other, upper-cased for comparison only.
macro_rules! open_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A word that is not known here, as it came.
            Other(String),
        }

        impl $name {
            /// Meta's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                let known = word.trim();
                $(if known.eq_ignore_ascii_case($word) { return Self::$variant; })+
                Self::Other(word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

open_words! {
    /// What a template is for. Categories of before 2023 (`TRANSACTIONAL`, `OTP`, …) are kept as other.
    Category {
        /// Promotes.
        Marketing = "MARKETING",
        /// Follows up on something the person asked for.
        Utility = "UTILITY",
        /// One-time codes.
        Authentication = "AUTHENTICATION",
    }
}

open_words! {
    /// Where a template stands: the states of the Graph API and those that only webhooks have named.
    Status {
        /// May be sent.
        Approved = "APPROVED",
        /// Inactive since long; deleted 28 days later.
        Archived = "ARCHIVED",
        /// Deleted.
        Deleted = "DELETED",
        /// Disabled for good after its third pause.
        Disabled = "DISABLED",
        /// Quality is dropping; no longer given since October 2025.
        Flagged = "FLAGGED",
        /// A rejection is being appealed.
        InAppeal = "IN_APPEAL",
        /// The WABA has too many templates.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// Locked.
        Locked = "LOCKED",
        /// Low quality: sends are rejected for 3 h, then for 6 h.
        Paused = "PAUSED",
        /// In review.
        Pending = "PENDING",
        /// Will be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Taken up again after having been disabled.
        Reinstated = "REINSTATED",
        /// Rejected in review.
        Rejected = "REJECTED",
    }
}

open_words! {
    /// Quality of a template.
    QualityScore {
        /// High.
        Green = "GREEN",
        /// Medium.
        Yellow = "YELLOW",
        /// Low: the template is paused.
        Red = "RED",
        /// Not rated yet; pacing applies.
        Unknown = "UNKNOWN",
    }
}
