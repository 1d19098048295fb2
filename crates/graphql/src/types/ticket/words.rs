//! The words of tickets and enforcement.

use crate::words::graphql_words;

graphql_words! {
    /// What is blocked or refused.
    TicketKind = domain::tickets::TicketKind {
        /// The whole account is disabled.
        AccountDisabled,
        /// The account may not do certain things.
        AccountRestricted,
        /// One number may not do certain things.
        NumberRestricted,
        /// A template was rejected.
        TemplateRejected,
        /// A template was paused.
        TemplatePaused,
        /// A template was moved to another category.
        TemplateCategory,
        /// The messaging limit.
        MessagingLimit,
        /// The display name.
        DisplayName,
        /// Anything else.
        Other,
    }
}

graphql_words! {
    /// Where in Meta's hierarchy a ticket stands.
    TicketLevel = domain::tickets::TicketLevel {
        /// The business portfolio.
        Portfolio,
        /// The WhatsApp Business Account.
        Waba,
        /// One sending number.
        Number,
        /// One template.
        Template,
    }
}

graphql_words! {
    /// How much of the client's messaging stands still.
    TicketPriority = domain::tickets::TicketPriority {
        /// Nothing can be sent.
        P1,
        /// Business-initiated messages are blocked.
        P2,
        /// Some templates or capabilities are blocked.
        P3,
        /// A question.
        P4,
    }
}

graphql_words! {
    /// Where a ticket stands.
    TicketStatus = domain::tickets::TicketStatus {
        /// Opened; nobody has looked.
        New,
        /// Being understood.
        Triage,
        /// The client mends what Meta objects to.
        Remediation,
        /// The submission can be filed.
        Ready,
        /// Filed with Meta.
        Submitted,
        /// Meta says that it is looking.
        InReview,
        /// Lifted; sending grows again under watch.
        Recovery,
        /// Over.
        Closed,
    }
}

graphql_words! {
    /// Who has the ball.
    WaitingOn = domain::tickets::WaitingOn {
        /// The BSP.
        Us,
        /// The client.
        Client,
        /// Meta.
        Meta,
        /// Somebody else.
        ThirdParty,
    }
}

graphql_words! {
    /// How a ticket ended.
    TicketOutcome = domain::tickets::TicketOutcome {
        /// The cause is gone.
        Resolved,
        /// Meta took its decision back.
        Reversed,
        /// Meta kept its decision.
        Unchanged,
        /// The restriction ran out.
        Expired,
        /// Meta did not answer.
        NoResponse,
        /// The client or the BSP gave up.
        Withdrawn,
        /// Another ticket has the same matter.
        Duplicate,
    }
}

graphql_words! {
    /// Why what Meta took away came back.
    Lift = domain::tickets::Lift {
        /// Meta took its decision back.
        Reversed,
        /// The restriction ran out.
        Expired,
    }
}

graphql_words! {
    /// Whether Meta takes an appeal.
    Appealable = domain::tickets::Appealable {
        /// It does.
        Yes,
        /// It does not: the end has to be waited for.
        No,
        /// Nobody has said.
        Unknown,
    }
}

graphql_words! {
    /// How a ticket belongs to another one.
    TicketLinkKind = domain::tickets::TicketLinkKind {
        /// They have to do with each other; neither comes first.
        Related,
        /// It has the same matter as the other one, which goes on.
        DuplicateOf,
        /// It is a part of the other one.
        ChildOf,
    }
}

graphql_words! {
    /// Who has to act.
    ActionOwner = domain::tickets::ActionOwner {
        /// The client.
        Client,
        /// The BSP.
        Us,
    }
}

graphql_words! {
    /// Where a corrective action stands.
    ActionState = domain::tickets::ActionState {
        /// To be done.
        Open,
        /// Said to be done, with proof.
        Done,
        /// A new audit looks whether it helped.
        Checking,
        /// The new audit no longer finds it.
        Resolved,
        /// The new audit still finds it.
        Continuing,
        /// The new audit had too little data to tell. Not a pass.
        Inconclusive,
        /// Called off.
        Cancelled,
    }
}

graphql_words! {
    /// The way a submission went to Meta.
    SubmissionChannel = domain::tickets::SubmissionChannel {
        /// Request review in Business Support Home, by an admin of the client's portfolio.
        BusinessSupportHome,
        /// Direct Support, by the BSP.
        DirectSupport,
        /// WhatsApp Manager, for templates.
        WhatsappManager,
        /// E-mail.
        Email,
        /// Another way.
        Other,
    }
}

graphql_words! {
    /// Meta's answer to a submission.
    SubmissionOutcome = domain::tickets::SubmissionOutcome {
        /// Meta took its decision back.
        Reversed,
        /// Meta kept its decision.
        Unchanged,
        /// Meta did not answer.
        NoResponse,
    }
}

graphql_words! {
    /// Who may see an entry of the timeline.
    TicketEventVisibility = domain::tickets::TicketEventVisibility {
        /// The client's users too.
        Public,
        /// Staff alone.
        Internal,
    }
}

graphql_words! {
    /// How the BSP learned of an enforcement.
    NoticeSource = domain::enforcement::NoticeSource {
        /// Meta's e-mail to the portfolio's admins.
        Email,
        /// Account Quality, or Business Support Home.
        AccountQuality,
        /// A webhook of Meta.
        Webhook,
        /// Meta's Graph API, asked how the account stands.
        Graph,
        /// Somebody said so.
        Other,
    }
}

graphql_words! {
    /// What Meta takes away.
    RestrictionType = domain::enforcement::RestrictionType {
        /// No number can be added.
        AddPhoneNumber,
        /// No message that the business starts.
        BusinessInitiatedMessaging,
        /// No reply to people either.
        CustomerInitiatedMessaging,
        /// No utility template.
        UtilityTemplates,
        /// Fewer utility messages.
        UtilityRateLimit,
        /// No utility template by Direct Send.
        DirectSendUtilityTemplates,
        /// No call that the business starts.
        BusinessInitiatedCalling,
        /// No call that a person starts.
        UserInitiatedCalling,
        /// The call button is hidden.
        CallButtonHidden,
        /// No call at all.
        AllCalling,
        /// The account is disabled.
        Disabled,
        /// Anything that this release does not know; Meta's own word stands in `rawType`.
        Unknown,
    }
}

graphql_words! {
    /// Something that can be done with a ticket. Whoever shows buttons takes unknown ones for things that it cannot show.
    TicketAction = domain::tickets::TicketAction {
        /// `ticketReply`.
        Reply,
        /// `POST /v1/tickets/{id}/attachments`.
        Attach,
        /// `ticketNoteAdd`.
        AddNote,
        /// `ticketMove`, to one of `nextStatuses`.
        Move,
        /// `ticketRecover`.
        Recover,
        /// `ticketClose`.
        Close,
        /// `ticketHandOver`.
        HandOver,
        /// `ticketPrioritize`.
        Prioritize,
        /// `ticketAssign`.
        Assign,
        /// `ticketTeamSet`.
        SetTeam,
        /// `ticketTag`.
        Tag,
        /// `ticketWatch` and `ticketUnwatch`.
        Watch,
        /// `ticketLink`, `ticketUnlink` and `ticketFindingsLink`.
        Link,
        /// `ticketAppealSet`.
        SetAppeal,
        /// `ticketSubmissionRecord`.
        RecordSubmission,
        /// `ticketActionAdd`.
        AddCorrectiveAction,
    }
}
