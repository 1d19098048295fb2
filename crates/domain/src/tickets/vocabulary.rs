//! The closed sets of values of a ticket.

use crate::words::words;

words! {
    /// What is blocked or refused.
    TicketKind {
        /// The whole account is disabled.
        AccountDisabled = "account_disabled",
        /// The account may not do certain things.
        AccountRestricted = "account_restricted",
        /// One number may not do certain things.
        NumberRestricted = "number_restricted",
        /// A template was rejected.
        TemplateRejected = "template_rejected",
        /// A template was paused.
        TemplatePaused = "template_paused",
        /// A template was moved to another category.
        TemplateCategory = "template_category",
        /// The messaging limit.
        MessagingLimit = "messaging_limit",
        /// The display name.
        DisplayName = "display_name",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// Where in Meta's hierarchy the ticket stands.
    TicketLevel {
        /// The business portfolio.
        Portfolio = "portfolio",
        /// The WhatsApp Business Account.
        Waba = "waba",
        /// One sending number.
        Number = "number",
        /// One template.
        Template = "template",
    }
}

words! {
    /// How much of the client's messaging stands still.
    TicketPriority {
        /// Nothing can be sent (Meta's severity 1).
        P1 = "p1",
        /// Business-initiated messages are blocked (Meta's severity 2).
        P2 = "p2",
        /// Some templates or capabilities are blocked (Meta's severity 3).
        P3 = "p3",
        /// A question.
        P4 = "p4",
    }
}

words! {
    /// Who has the ball.
    WaitingOn {
        /// The BSP.
        Us = "us",
        /// The client.
        Client = "client",
        /// Meta.
        Meta = "meta",
        /// Somebody else.
        ThirdParty = "third_party",
    }
}

words! {
    /// How a ticket ended.
    TicketOutcome {
        /// The cause is gone.
        Resolved = "resolved",
        /// Meta took its decision back.
        Reversed = "reversed",
        /// Meta kept its decision.
        Unchanged = "unchanged",
        /// The restriction ran out.
        Expired = "expired",
        /// Meta did not answer.
        NoResponse = "no_response",
        /// The client or the BSP gave up.
        Withdrawn = "withdrawn",
        /// Another ticket has the same matter.
        Duplicate = "duplicate",
    }
}

words! {
    /// Why what Meta took away came back.
    Lift {
        /// Meta took its decision back.
        Reversed = "reversed",
        /// The restriction ran out.
        Expired = "expired",
    }
}

impl Lift {
    /// How the ticket will have ended, once the recovery is over.
    pub const fn outcome(self) -> TicketOutcome {
        match self {
            Self::Reversed => TicketOutcome::Reversed,
            Self::Expired => TicketOutcome::Expired,
        }
    }
}

words! {
    /// How two tickets belong together, told from the first.
    TicketLinkKind {
        /// They have to do with each other; neither comes first.
        Related = "related",
        /// The first has the same matter as the second, which goes on.
        DuplicateOf = "duplicate_of",
        /// The first is a part of the second.
        ChildOf = "child_of",
    }
}

words! {
    /// The way a submission went to Meta (no interface of Meta's takes appeals: a person files them).
    SubmissionChannel {
        /// Request review in Business Support Home, by an admin of the client's portfolio.
        BusinessSupportHome = "business_support_home",
        /// Direct Support, by the BSP.
        DirectSupport = "direct_support",
        /// WhatsApp Manager, for templates.
        WhatsappManager = "whatsapp_manager",
        /// E-mail.
        Email = "email",
        /// Another way.
        Other = "other",
    }
}

words! {
    /// Meta's answer to a submission.
    SubmissionOutcome {
        /// Meta took its decision back.
        Reversed = "reversed",
        /// Meta kept its decision.
        Unchanged = "unchanged",
        /// Meta did not answer.
        NoResponse = "no_response",
    }
}
