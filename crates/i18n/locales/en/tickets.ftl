# Tickets. status-*, turn-* and *-explained are read by clients: plain words, no jargon.

status-new = Received
status-new-explained = We have received the request and will look at it shortly.
status-triage = Being examined
status-triage-explained = We are finding out what Meta objects to and what has to be put right.
status-remediation = To be put right
status-remediation-explained = Some things have to be put right on your side before Meta can be asked to lift the block.
status-ready = Ready to be submitted
status-ready-explained = Everything is prepared; the request will be submitted to Meta next.
status-submitted = Submitted to Meta
status-submitted-explained = The request has been submitted to Meta. We are waiting for Meta to take it up.
status-in-review = Under review at Meta
status-in-review-explained = Meta is examining the request. The decision is Meta's alone.
status-recovery = Sending again, gradually
status-recovery-explained = The block has been lifted. Sending grows step by step, so that it does not come back.
status-closed = Closed
status-closed-explained = The matter is closed.

waiting-on-us = the provider
waiting-on-client = the client
waiting-on-meta = Meta
waiting-on-third-party = a third party

turn-us = It is our turn.
turn-client = It is your turn.
turn-meta = It is Meta's turn.
turn-third-party = We are waiting for a third party.

outcome-resolved = Resolved
outcome-reversed = Meta withdrew its decision
outcome-unchanged = Meta upheld its decision
outcome-expired = The restriction ran out
outcome-no-response = Meta did not answer
outcome-withdrawn = Withdrawn
outcome-duplicate = Handled in another ticket

ticket-kind-account-disabled = Account disabled
ticket-kind-account-restricted = Account restricted
ticket-kind-number-restricted = Number restricted
ticket-kind-template-rejected = Template rejected
ticket-kind-template-paused = Template paused
ticket-kind-template-category = Template moved to another category
ticket-kind-messaging-limit = Messaging limit
ticket-kind-display-name = Display name
ticket-kind-other = Other

ticket-level-portfolio = Business portfolio
ticket-level-waba = WhatsApp Business account
ticket-level-number = Phone number
ticket-level-template = Template

priority-p1 = P1: nothing can be sent
priority-p2 = P2: you cannot write first
priority-p3 = P3: some templates or functions are blocked
priority-p4 = P4: question

submission-channel-business-support-home = Request for review in Business Support Home
submission-channel-direct-support = Direct Support
submission-channel-whatsapp-manager = WhatsApp Manager
submission-channel-email = E-mail
submission-channel-other = Another way

submission-outcome-reversed = Decision withdrawn
submission-outcome-unchanged = Decision upheld
submission-outcome-no-response = No answer

notice-source-email = E-mail from Meta
notice-source-account-quality = Account Quality
notice-source-webhook = Webhook
notice-source-graph = Meta, asked by us
notice-source-other = Another source

restriction-restricted-add-phone-number-action = No further numbers can be added
restriction-restricted-biz-initiated-messaging = The business cannot write first
restriction-restricted-customer-initiated-messaging = The business cannot reply to people who write
restriction-restricted-utility-templates = No utility templates
restriction-rate-limited-utility-template-messaging = Fewer utility messages
restriction-restricted-direct-send-utility-templates = No utility templates by Direct Send
restriction-restricted-business-initiated-calling = The business cannot call
restriction-restricted-user-initiated-calling = People cannot call the business
restriction-restricted-user-initiated-calling-call-button-hidden = The call button is hidden
restriction-restricted-biz-initiated-and-user-initiated-calling = No calls in either direction
restriction-disabled = The account is disabled
restriction-unknown = Another restriction

sla-metric-first-response = First response
sla-metric-submission = Submission to Meta
sla-metric-resolution = Resolution

sla-state-running = Running
sla-state-paused = Paused
sla-state-met = Met
sla-state-breached = Missed
sla-state-cancelled = No longer applies

sla-reason-open-hours = Opening hours
sla-reason-outside-hours = Outside opening hours
sla-reason-holiday = Holiday: { $name }
sla-reason-waiting-us = The provider's turn
sla-reason-waiting-client = Waiting for the client
sla-reason-waiting-meta = Waiting for Meta
sla-reason-waiting-third-party = Waiting for a third party
sla-reason-no-goal = Nothing is promised at this priority
sla-reason-ended = The ticket was closed

sla-due-at = Due by { $at }.
sla-paused-remaining = Paused; { $remaining } left.
sla-breached-since = Missed since { $at }.
sla-met-at = Met on { $at }.

action-state-open = To be done
action-state-done = Done, not checked yet
action-state-checking = Being checked by an audit
action-state-resolved = Checked: solved
action-state-continuing = Checked: still there
action-state-inconclusive = Checked: too little data to tell
action-state-cancelled = Called off

summary-submitted = Attempt { $attempt }: submitted to Meta on { $at } by { $channel }.
