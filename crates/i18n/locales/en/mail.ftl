# The letters that people are sent by mail: subject (-subject), text (-text), call to action (-action).

mail-greeting = Hello { $name },
mail-greeting-plain = Hello,
mail-footer = This message was sent automatically by { $sender }.
mail-footer-ticket = To answer on the ticket, simply reply to this message.
mail-footer-unsubscribe = Do you no longer want messages of this kind? Turn them off here:
mail-reply-above = Please reply above this line
mail-code = Your code, good once:

mail-invitation-subject = Invitation to { $sender }
mail-invitation-text = You have been invited to make an account with { $sender }.
mail-invitation-by = { $by } invited you.
mail-invitation-for = The account is for { $organisation }.
mail-invitation-expiry = The invitation is good until { $expires }. If you did not expect it, ignore it.
mail-invitation-action = Accept the invitation

mail-password-reset-subject = New password for { $sender }
mail-password-reset-text = Somebody asked for a new password for your account.
mail-password-reset-expiry = The request is good until { $expires }. If it was not you, ignore this message: your password stays as it is.
mail-password-reset-action = Choose the new password

mail-email-change-subject = Confirm your new address
mail-email-change-text = Somebody asked to use this address to sign in to { $sender }.
mail-email-change-expiry = The request is good until { $expires }. If it was not you, ignore this message.
mail-email-change-action = Confirm the address

mail-email-changed-subject = The address of your account has changed
mail-email-changed-text = Your account with { $sender } uses another address now. If you did not ask for this, contact support at once.

mail-sign-in-locked-subject = Signing in is locked after several attempts
mail-sign-in-locked-text = After several failed attempts, signing in is locked until { $until }. If it was not you, choose a new password.

mail-security-notice-subject = Your account: { $event }
mail-security-notice-text = This happened to your account with { $sender }: { $event }.
mail-security-notice-doubt = If it was not you, contact support at once.

security-event-password-changed = the password was changed
security-event-second-factor-enabled = the second factor was turned on
security-event-second-factor-disabled = the second factor was turned off
security-event-recovery-codes-replaced = the recovery codes were replaced
security-event-recovery-code-used = a recovery code was used
security-event-new-sign-in = sign-in from a new address
security-event-credential-copied = a credential was copied, and the sign-in was ended
security-event-api-token-created = a token for programs was made

mail-ticket-opened-text = A ticket was opened:
mail-ticket-reply-text = There is a new reply on the ticket.
mail-ticket-reply-by = { $author } wrote:
mail-waiting-for-you-text = It is your turn: to go on, something is needed from you.
mail-action-due-text = This is to be done by { $due }:
mail-sla-warning-text = The promise “{ $metric }” is due on { $due }.
mail-sla-warning-percent = { $percent } of the time is used up.
mail-sla-breach-text = The promise “{ $metric }” was not kept: it was due on { $due }.
mail-sla-reminder-text = An answer was expected by { $expected }, and none has come.
mail-sla-metric = It is about: { $metric }.
mail-escalation-text = The ticket was taken to level { $level } and needs your attention.
mail-submission-text = The request was filed with Meta (attempt { $attempt }, { $channel }).
mail-submission-expected = An answer is expected by { $expected }.
mail-outcome-text = Meta answered: { $outcome }.
mail-outcome-note = Meta wrote:
mail-ticket-action = Open the ticket

mail-audit-findings-subject = { $count ->
    [one] A new finding in the audit of your traffic
   *[other] { $count } new findings in the audit of your traffic
 }
mail-audit-findings-text = { $count ->
    [one] The last audit of your traffic found one new thing:
   *[other] The last audit of your traffic found { $count } new things:
 }
mail-audit-findings-line = { $severity }: { $rule } ({ $messages ->
    [one] one message
   *[other] { $messages } messages
 })
mail-audit-findings-more = { $count ->
    [one] and one more
   *[other] and { $count } more
 }
mail-audit-findings-action = Open the audit

mail-enforcement-notice-subject = Notice of enforcement by Meta
mail-enforcement-notice-subject-account = Notice of enforcement by Meta: { $account }
mail-enforcement-notice-text = Meta has told of an enforcement.
mail-enforcement-notice-account = It is about { $account }.
mail-enforcement-notice-ticket = We follow it in ticket { $reference }.

mail-test-subject = Test of { $sender }
mail-test-text = This test message has arrived: mail is set up.

mail-digest-subject = { $count ->
    [one] One piece of news
   *[other] { $count } pieces of news
 }
mail-digest-text = This is what happened:
mail-digest-more = { $count ->
    [one] and one more
   *[other] and { $count } more
 }

mail-reply-refused-text = Your answer was not recorded, because the ticket is closed. If you still need something, open a new ticket.

mail-unsubscribe-ask = Get no more of these messages: { $topic }?
mail-unsubscribe-button = Turn off
mail-unsubscribe-done = Turned off. You will get no more of these messages: { $topic }.

topic-security = security of your account
topic-tickets = tickets and their progress
topic-sla = promises and due times
topic-audits = audits of traffic
topic-enforcement = enforcement by Meta

error-topic-fixed = Messages about the security of your account cannot be turned off.
error-no-person = Only a person is sent messages: sign in as one.

mail-files-alone = (No text; see the files.)
mail-files-not-kept = (Files that came with the answer and were not kept: { $names })
mail-text-cut = (The answer is longer than this. The whole of it is the file { $name }, unless that is named as not kept.)
error-mail-unreadable = This is no mail: send the whole message, with its headers.

mail-webhook-disabled-subject = Webhook turned off: { $host }
mail-webhook-disabled-text = Events are no longer sent to { $host }: it has taken none since { $since }. When it can be reached again, turn it on, and ask for the events that it missed.

error-webhook-url-malformed = This is not a usable address: give https://host/path, without user name, password or fragment.
error-webhook-url-insecure = Webhooks go by https alone: give an https:// address.
error-webhook-url-private = The address must be on the public internet: private networks and this machine itself are refused.
error-webhook-description = The description can have at most 200 characters.
error-webhook-events = Choose at least one event; “endpoint.tested” cannot be chosen.
error-webhook-too-many = A client can have at most { $maximum } endpoints: delete one first.
error-webhook-not-ended = This delivery is still on its way: wait until it has ended.
error-webhook-disabled = The endpoint is turned off: turn it on first.
