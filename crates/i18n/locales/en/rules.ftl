# Detection rules. For each: -name, -finding (one sentence with figures), -remedy (corrective actions, one a line, in order).
# Variables of -finding: $subject (text), $messages, $recipients (counts), and the figures of the rule's findings, by name.
# Thresholds are Sblocco's unless the text says otherwise: never call a number Meta's that Meta has not published.

rule-finding-plain = { $subject }: { n-messages } to { n-recipients }.

rule-con-01-name = No opt-in on file
rule-con-01-finding = { $subject }: { n-messages } to { n-recipients } went out with no opt-in on file, { $share } of the messages that needed one.
rule-con-01-remedy =
    Stop sending to these people now, and put the list on hold until its origin is known.
    Look for the proof: the form, the checkout or the paper on which they agreed, with its date and the wording they saw. Import what you find with its true dates; proof that comes after the messages is marked as such.
    Whoever has no proof stays off the list. Ask again only through a channel for which you do have consent, never by another template to the same people.
    Let the sending system refuse any address whose opt-in the ledger does not know.

rule-con-02-name = Messaged after opting out
rule-con-02-finding = { $subject }: { n-messages } to { n-recipients } went out after the person had asked to stop.
rule-con-02-remedy =
    Suppress these people at once, for every list and every campaign.
    Find the route that went past the suppression list: a second system, a file exported before the opt-out, a campaign already queued.
    Check suppression at the moment of sending, not when the list is made.
    Confirm to each person once, in the channel where they asked, that they will get no more messages.

rule-con-03-name = Consent given for another purpose
rule-con-03-finding = { $subject }: { n-messages } to { n-recipients } had a purpose that the person's opt-in does not cover.
rule-con-03-remedy =
    Stop this kind of message to these people; what they did agree to may go on.
    Ask for marketing consent separately, with a wording that says what will be sent and by whom.
    Use a utility template only if the content is one: it follows up on something that the person asked for, and promotes nothing.

rule-con-04-name = Proof of consent incomplete
rule-con-04-finding = { $subject }: { n-messages } to { n-recipients } rest on opt-ins without source, proof or wording version, { $share } of the messages with valid consent.
rule-con-04-remedy =
    List the opt-ins that lack a field, by the import that brought them.
    Add what is missing: where the person agreed (source), where the proof is kept (evidence), which text the person saw (wording version).
    Make the three fields mandatory where consents are collected, so that the gap does not grow again.

rule-con-07-name = Consent recorded after the messages
rule-con-07-finding = { $subject }: { n-messages } to { n-recipients } went out before the opt-in was recorded, { $share } of the messages that needed one.
rule-con-07-remedy =
    Explain where these opt-ins come from, and attach the original document that shows the date on which the person agreed.
    Have somebody who did not import them compare a sample with the originals.
    What cannot be shown counts as no opt-in: suppress those people.
    Record consents when they are given, by an interface rather than by a file afterwards.

rule-tpl-01-name = Template that fails
rule-tpl-01-finding = { $subject }: { n-messages } failed for reasons that lie in the template, { $rate } of its sends, against { $baseRate } of the client's other templates.
rule-tpl-01-remedy =
    Pause the template until the cause is mended; every further failure weighs on the number too.
    Start with the most frequent error code and compare one failed request with the approved template: number, order and format of the parameters, language, header media.
    Correct the program or the template, send a small batch, and look at its outcome before going on.
    If the template was paused or disabled by Meta, do not submit the same text again: change what people objected to first.

rule-win-01-name = Free text outside the 24-hour window
rule-win-01-finding = { $subject }: { n-messages } of free text to { n-recipients } who had not written in the 24 hours before.
rule-win-01-remedy =
    Let the sending system refuse free text once 24 hours have passed since the person's last message.
    Use an approved template to write first; it needs an opt-in where its purpose does.
    Find out which agents, bots or programs sent these messages, and show them the time that is left in the window.

rule-vol-01-name = Daily spike
rule-vol-01-finding = { $subject }: { n-messages } delivered in one day, where about { $expected } were to be expected.
rule-vol-01-remedy =
    Find out whether this was a planned campaign. If so, declare the next ones beforehand, and spread them over several days.
    If nobody planned it, revoke the access keys of the number and look for a leaked key or a program in a loop.
    Keep the following days at the usual level until quality ratings are known to be stable.

rule-vol-04-name = Too many messages to the same person
rule-vol-04-finding = { $subject }: { n-recipients } received messages too close together; { $dayMessages } marketing messages were at least the fourth within 24 hours, { $weekMessages } at least the seventh within 7 days, and { $pairLimitMessages } were refused with code 131056.
rule-vol-04-remedy =
    Set a cap on marketing messages per person, over all numbers and campaigns together.
    Merge campaigns that run at the same time, and leave out people who have just been written to.
    Begin with the people in the sample: they are the likeliest to block or report the number.

rule-vol-05-name = Retries that cannot help
rule-vol-05-finding = { $subject }: { n-messages } to { n-recipients } tried the same template again and again within 24 hours of failures that a repetition does not mend.
rule-vol-05-remedy =
    Turn automatic retries off for the codes 131026, 131047 and 131049.
    After 131049 (Meta chose not to deliver) wait at least 24 hours, as Meta asks; after 131026 (undeliverable) suppress the number; after 131047 (window closed) send a template.
    Keep retries, with growing pauses, for faults of the platform alone.

rule-lim-01-name = Close to the messaging limit
rule-lim-01-finding = { $subject }: { n-recipients } reached within 24 hours, { $used } of the messaging limit of { $limit }.
rule-lim-01-remedy =
    Keep a reserve for messages that cannot wait, such as codes and delivery notices, and plan campaigns within the rest.
    Split large campaigns over several days; the limit counts different people over a moving 24 hours, for all numbers of the portfolio together.
    Further numbers give no further allowance. The limit grows with good quality and regular use.

rule-eng-02-name = Many opt-outs
rule-eng-02-finding = { $subject }: { $rate } of the people reached asked to receive no more messages.
rule-eng-02-remedy =
    Stop the campaign for those who have not been written to yet.
    Look at which lists the opt-outs come from, and leave those lists out until their origin is clear.
    Before the next campaign change one thing at a time: audience, frequency, or content; then try it on a small group.
    Offer the way out in every marketing message: an opt-out costs less than a block.

rule-lst-01-name = Sending to numbers known as undeliverable
rule-lst-01-finding = { $subject }: { n-messages } to { n-recipients } whose number had already failed as undeliverable on two different days.
rule-lst-01-remedy =
    Suppress a number after its second undeliverable day; bring it back by itself when the person writes.
    Clean these numbers out of the source of the list, not only out of the list.
    Check whether the numbers are landlines, disconnected, or not on WhatsApp.

rule-lst-02-name = List with many undeliverable numbers
rule-lst-02-finding = { $subject }: { n-messages } could not be delivered, { $share } of the list's sends.
rule-lst-02-remedy =
    Stop using the list until you know where it comes from and how old it is.
    Remove the numbers that failed, then send to a small part of the rest and compare.
    Where numbers are collected, have them confirmed by a code, so that typing errors and invented numbers do not get in.

rule-lst-05-name = Audience that no longer answers
rule-lst-05-finding = { $subject }: { n-recipients } received at least five marketing messages and neither read one nor ever wrote, { $share } of those who received as many.
rule-lst-05-remedy =
    Write to these people less often, then once with the question whether they want to stay, then no more.
    Begin the next campaign with the people who have read or written in the last months.
    Set a rule for leaving: after how many unread messages a person goes off the list.
