# Detection rules. For each: -name, -finding (one sentence with figures), -remedy (corrective actions, one a line, in order).
# Variables of -finding: $subject (text), $messages, $recipients (counts), and the figures of the rule's findings, by name.
# Thresholds are Sblocco's unless the text says otherwise: never call a number Meta's that Meta has not published.

# How many places of a template a finding names.
n-places = { $places ->
    [one] 1 place
   *[other] { $places } places
}
n-format-faults = { $places ->
    [one] 1 fault of format
   *[other] { $places } faults of format
}
n-variable-signs = { $places ->
    [one] 1 sign
   *[other] { $places } signs
}
n-odd-links = { $places ->
    [one] 1 link that hides where it leads, or leads to another domain
   *[other] { $places } links that hide where they lead, or lead to other domains
}

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

rule-con-05-name = Consent text that says too little
rule-con-05-finding = { $subject } does not name the business, or does not say that the person agrees to be written to; { n-messages } to { n-recipients } rest on it.
rule-con-05-remedy =
    Rewrite the text: it names the business as people know it, and says that they agree to receive messages from it on WhatsApp.
    Give the new text a version of its own and store that version with every opt-in from now on.
    Opt-ins under the old text stand only if another notice, shown at the same time, proves who asked and for what: attach it.
    Ask the others again, in a channel where consent exists.

rule-con-06-name = Consent that has ended or gone stale
rule-con-06-finding = { $subject }: { n-messages } to { n-recipients } rest on an opt-in that had ended ({ $expired }) or that nobody had confirmed for { $staleDays } days ({ $stale }).
rule-con-06-remedy =
    Stop marketing to those whose opt-in has ended, until they agree again.
    Ask the others to confirm, those who read and write first, with a message that they may receive.
    Note for each opt-in when it ends, and let the sending system look at it at the moment of sending.

rule-con-07-name = Consent recorded after the messages
rule-con-07-finding = { $subject }: { n-messages } to { n-recipients } went out before the opt-in was recorded, { $share } of the messages that needed one.
rule-con-07-remedy =
    Explain where these opt-ins come from, and attach the original document that shows the date on which the person agreed.
    Have somebody who did not import them compare a sample with the originals.
    What cannot be shown counts as no opt-in: suppress those people.
    Record consents when they are given, by an interface rather than by a file afterwards.

rule-con-08-name = Opt-ins made in bulk
rule-con-08-finding = { $subject }: { n-recipients } have opt-ins that were stored together: { $atOneMoment } share their moment with many others, { $fromOneAddress } their address. The largest group has { $largest }.
rule-con-08-remedy =
    Ask where these opt-ins come from: a form gives each person a moment of its own, a file gives them all the same.
    Correct the times from the originals, and attach the originals as proof.
    What cannot be shown person by person counts as no opt-in: suppress those people.
    Protect the form against programs that fill it in, if many opt-ins come from one address.

rule-con-09-name = Consent collected by somebody else
rule-con-09-finding = { $subject }: { n-messages } to { n-recipients } rest on an opt-in that somebody else collected, { $share } of the messages with valid consent.
rule-con-09-remedy =
    Take these people off the list: an opt-in speaks of the business that asked for it and cannot be handed on.
    A later notice does not cure it. Ask for consent only in a channel where these people already have a relation with the business.
    Collect opt-ins under the name that the person will see in WhatsApp, and store that name with the opt-in.

rule-con-10-name = Consent coverage low or falling
rule-con-10-finding = { $subject }: in the worst days only { $coverage } of the messages that needed consent had it; { n-messages } to { n-recipients } in the whole period had not.
rule-con-10-remedy =
    Find the list or the integration that began to write without consent: the lists are named with the finding.
    Stop that route until every recipient is checked against the ledger before sending.
    Watch coverage every day, so that the next fall is seen before Meta sees it.

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

rule-eng-01-name = Template that is seldom read
rule-eng-01-finding = { $subject }: read by { $rate } of those who got it, against { $baseRate } for the client’s other messages of the same category; { n-messages } were left unread.
rule-eng-01-remedy =
    Send it only to people who have read or written lately, and compare.
    Say in the first line what the message is for and from whom: that is what shows in the notification.
    Change one thing at a time, time of day, audience or wording, and keep what is read more.
    Few readers and many deliveries lower the quality rating in the end: pause the template if nothing helps.

rule-eng-02-name = Many opt-outs
rule-eng-02-finding = { $subject }: { $rate } of the people reached asked to receive no more messages.
rule-eng-02-remedy =
    Stop the campaign for those who have not been written to yet.
    Look at which lists the opt-outs come from, and leave those lists out until their origin is clear.
    Before the next campaign change one thing at a time: audience, frequency, or content; then try it on a small group.
    Offer the way out in every marketing message: an opt-out costs less than a block.

rule-eng-03-name = Meta withholds marketing
rule-eng-03-finding = { $subject }: in the worst days Meta chose not to deliver { $share } of the marketing; { n-messages } to { n-recipients } in the whole period.
rule-eng-03-remedy =
    Do not try again at once: wait at least 24 hours, as Meta asks, and drop what is no longer of use by then.
    Send less marketing, to people who have read or written lately. The limit is per person and over all businesses.
    Look at the lists and templates that attract most of these refusals, and begin with those.

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

rule-lst-03-name = Bad list
rule-lst-03-finding = { $subject }: { $failures } messages failed because of the person and { $stops } people said stop, far more than on all other lists.
rule-lst-03-remedy =
    Take the list out of use until you know where it comes from and when it was collected.
    Compare its people with the ledger: who never agreed goes, who cannot be reached goes.
    Send what remains to a small part first, and go on only if it behaves like the other lists.
    Have those who supply lists show how each person agreed.

rule-lst-04-name = List that needs cleaning
rule-lst-04-finding = { $subject }: { $impossible } messages to numbers that cannot exist, { $fixedLines } to fixed lines, { $duplicates } sent twice.
rule-lst-04-remedy =
    Take out numbers that are too long, too short or of no country, and fixed lines that are not on WhatsApp.
    Merge entries of the same number before a campaign, over all the lists that it uses.
    Check numbers where they are typed: country, length, and a code that confirms them.

rule-lst-05-name = Audience that no longer answers
rule-lst-05-finding = { $subject }: { n-recipients } received at least five marketing messages and neither read one nor ever wrote, { $share } of those who received as many.
rule-lst-05-remedy =
    Write to these people less often, then once with the question whether they want to stay, then no more.
    Begin the next campaign with the people who have read or written in the last months.
    Set a rule for leaving: after how many unread messages a person goes off the list.

rule-tpl-02-name = Sending with a paused or disabled template
rule-tpl-02-finding = { $subject }: { n-messages } to { n-recipients } while Meta had the template paused or disabled.
rule-tpl-02-remedy =
    Stop the campaign now: what is refused reaches nobody, and trying on draws attention.
    Let the sending system read the status of a template before each batch, and hold the batch when it is not approved.
    A first pause ends by itself after 3 hours and a second after 6; use the time to change what people objected to.
    A disabled template does not come back: do not submit the same text under another name.

rule-tpl-03-name = Template on the way to being disabled
rule-tpl-03-finding = { $subject }: paused { $pauses ->
    [one] once
   *[other] { $pauses } times
} in its life. Meta disables a template at its third pause.
rule-tpl-03-remedy =
    Change the audience first: send only to people who read or wrote lately.
    Retire the text after a second pause, and write one that says at once who writes and why.
    Look at the reasons for which people blocked, in WhatsApp Manager, before the next sending.

rule-tpl-04-name = Template rated low
rule-tpl-04-finding = { $subject }: rated YELLOW for { $yellowDays } days and RED for { $redDays } days.
rule-tpl-04-remedy =
    At RED stop all marketing with this template; at YELLOW send half of the usual volume until it is GREEN again.
    Look at which lists it went to, and leave out those whose people neither read nor write.
    Compare the text with the reasons that people gave for blocking: too often, not asked for, not understood.

rule-tpl-06-name = Utility template that Meta holds to be marketing
rule-tpl-06-finding = { $subject }: moved by Meta from utility to marketing. Such templates in the period: { $flips }.
rule-tpl-06-remedy =
    Look through the templates that resemble it, and submit as marketing those that promote anything.
    Ask Meta for a review, within 60 days, only of templates that purely follow up on something the person asked for.
    Separate what was mixed: one template with the notice, another with the offer, each in its own category.
    Meta restricts utility messages of accounts that go on like this; stop before it does.

rule-tpl-09-name = Template filled wrongly
rule-tpl-09-finding = { $subject }: { n-messages } refused because of the number or the format of parameters, { $share } of its sends.
rule-tpl-09-remedy =
    Compare one refused request with the approved template: how many parameters, in which order, of which type.
    Look for empty values, line breaks and more than four spaces in a row, which Meta refuses in parameters.
    Check the parameters before sending, against the template as Meta returns it now.

rule-win-02-name = Clocks that disagree about the window
rule-win-02-finding = { $subject }: on { n-messages } of free text our clock and Meta’s disagree whether the 24-hour window was open, { $share } of those with an answer.
rule-win-02-remedy =
    Look for inbound messages that never arrived: compare the times of the disagreements with the gaps in the webhooks.
    Use Meta’s timestamp of the message, never the time of receipt, and check the clock of the sending system.
    If the number was migrated lately, look whether the earlier conversations came along.

rule-win-03-name = Marketing in the window without consent
rule-win-03-finding = { $subject }: { n-messages } of marketing to { n-recipients } who had written but of whom no opt-in is on file.
rule-win-03-remedy =
    Answer what people asked; a question is no wish for advertisements.
    Ask in the conversation whether the person wants offers, and record the answer with its wording.
    Let campaigns check consent for every marketing message, whether the window is open or not.

rule-vol-03-name = Undeclared campaign
rule-vol-03-finding = { $subject }: { $busiest } sends within { $minutes } minutes without a declared campaign.
rule-vol-03-remedy =
    Ask who started it. If it was planned, declare the next one beforehand, with template, number, start and size.
    With the plan known, the messaging limit and the ramp can be checked before anything is sent.
    If nobody planned it, look for a program in a loop or a leaked access key.

rule-wrm-01-name = New number that grows too fast
rule-wrm-01-finding = { $subject }: { $day } messages delivered in one day, after { $before } at most in the days before; the number was in use for { $age ->
    [one] 1 day
   *[other] { $age } days
}.
rule-wrm-01-remedy =
    Go back to the volume of the days before, and let it grow to no more than the double from day to day.
    Begin with the people who wrote first or bought lately, and come to the others when quality is known.
    Plan the next seven days with a number for each day, and hold back what goes beyond.

rule-wrm-02-name = New number that begins with strangers
rule-wrm-02-finding = { $subject }: { n-recipients } neither wrote nor got anything about a transaction in the 90 days before, { $share } of the people whom the new number reached.
rule-wrm-02-remedy =
    Write first to people who know the business: who wrote, ordered or asked in the last weeks.
    Leave old lists out until the number has a rating, then add them in small parts.
    Say in the first message who writes, from which number from now on, and how to stop.

rule-wrm-03-name = Marketing before quality is known
rule-wrm-03-finding = { $subject }: { n-messages } of marketing with templates that Meta had not rated yet, { $share } of what the new number sent.
rule-wrm-03-remedy =
    Send a pilot of about 100 messages to the likeliest readers, and wait for the rating.
    Use the new number for expected messages first: confirmations, notices, answers.
    Add marketing only while the ratings of number and template are GREEN.

rule-wrm-06-name = Full volume right after a block
rule-wrm-06-finding = { $subject }: { $day } messages delivered in one day soon after a block ended, { $share } of the usual day before it.
rule-wrm-06-remedy =
    Send no mass messages for seven days after a block; answer people and send what they expect.
    Then grow in steps, with the engaged people first, and look at quality each day.
    Make sure that the cause of the block is gone: a second one lasts longer.

rule-lim-02-name = Campaign that exceeds the messaging limit
rule-lim-02-finding = { $subject }: { $reached } people would be reached within 24 hours, { $excess } more than the limit of { $limit }.
rule-lim-02-remedy =
    Split the campaign over as many days as it needs, and leave a reserve for messages that cannot wait.
    Send first to the people who are likeliest to read; the rest can follow when the 24 hours have moved on.
    Further numbers of the same portfolio share the limit and do not help.

rule-lim-03-name = Messaging limit lowered
rule-lim-03-finding = { $subject }: Meta lowered the messaging limit to { $limit } people in 24 hours.
rule-lim-03-remedy =
    Re-plan the campaigns of the next days within the new limit.
    Look for the cause in quality ratings, violations and restrictions of the same days.
    Keep quality high and use at least half of the limit for a week; it then grows again by itself.

rule-lim-04-name = Higher limit held back
rule-lim-04-finding = { $subject }: Meta put off or refused a higher messaging limit { $times ->
    [one] once
   *[other] { $times } times
}.
rule-lim-04-remedy =
    Read in Business Manager what Meta asks for, and answer it completely.
    Finish the verification of the business if it is open.
    Improve quality first where Meta names no reason: fewer messages, to people who expect them.

rule-lim-05-name = Faster than the throughput allows
rule-lim-05-finding = { $subject }: { n-messages } refused with code 130429, { $share } of the number’s sends.
rule-lim-05-remedy =
    Put a queue before the interface that holds the rate of the number, and waits after a refusal with growing pauses.
    Spread large campaigns over more time, or over the numbers that have room.
    Send what was refused again: it never reached anybody.

rule-qlt-01-name = Quality of a number fell
rule-qlt-01-finding = { $subject }: rated low by Meta for { $days } days.
rule-qlt-01-remedy =
    Stop marketing from this number for seven days: the rating looks back over that time.
    Find the campaign and the list after which it fell, and leave them out.
    Offer a way to stop in every message, and honour it at once: people who can leave do not block.

rule-enf-01-name = Violation notified
rule-enf-01-finding = { $subject }: notified by Meta { $times ->
    [one] once
   *[other] { $times } times
}.
rule-enf-01-remedy =
    Open a ticket and read the notice in Account Quality: which asset, which messages, until when an appeal is possible.
    Stop what the notice is about, today, before anything is explained.
    Gather the proof that is asked for, with dates, and appeal only when what was wrong has been put right.

rule-enf-02-name = Restriction imposed
rule-enf-02-finding = { $subject }: imposed by Meta { $times ->
    [one] once
   *[other] { $times } times
}.
rule-enf-02-remedy =
    Stop all sending that the restriction covers until it ends; every further attempt is recorded.
    Put the dossier together: what was sent, to whom, with which consent, and what has been corrected.
    Tell the people concerned in the business which messages do not go out, and by which other channel they can.
    Ask for a review where Meta offers one, once.

rule-enf-03-name = Sending in spite of a restriction
rule-enf-03-finding = { $subject }: { n-messages } to { n-recipients } were tried after Meta had forbidden them.
rule-enf-03-remedy =
    Stop the sending system for these messages now, at one switch that covers all campaigns and programs.
    Find out why the notice did not reach the sending system, and connect the two.
    Let nothing be queued for the day on which the restriction ends: it would all go out at once.

rule-enf-04-name = Account to be disabled
rule-enf-04-finding = { $subject }: Meta has set a day to disable the account, or has disabled it.
rule-enf-04-remedy =
    Appeal before the day that Meta names; afterwards far less can be done.
    Stop all marketing until it is decided.
    Prepare the way without WhatsApp for messages that people rely on, such as codes and delivery notices.

rule-enf-05-name = The same violation again
rule-enf-05-finding = { $subject }: came again { $repeats ->
    [one] once
   *[other] { $repeats } times
}, { $daysSince } days after the last one was over.
rule-enf-05-remedy =
    Open the last ticket again: what was corrected then did not hold.
    Look for the way on which the old practice came back: a second system, an old list, a partner.
    Have the corrective action checked by somebody else, with an audit, before the next appeal.

rule-ops-01-name = No news of sent messages
rule-ops-01-finding = { $subject }: { n-messages } over { $minutes } minutes of which nothing was heard.
rule-ops-01-remedy =
    Check the subscription of the webhooks and the answers that Meta gets: only 200 counts as received.
    Meta tries for up to seven days: what is still to come may complete the audit.
    Until then read the figures of this period as incomplete, failures above all.

rule-qlt-02-name = Risk of a block
rule-qlt-02-finding = { $subject }: a risk score of at least { $score } out of 100.
rule-qlt-02-remedy =
    Begin with the rules named below: they add most to the score.
    Put right what is CRITICAL before the next campaign, for Meta acts on it.
    Give the audit what it lacks (consents, templates, Meta’s events): what is not known adds nothing, and the risk may be higher.
rule-lst-06-name = People suppressed at the former provider
rule-lst-06-finding = { $subject }: { n-messages } to { n-recipients } who were on the former provider’s list of suppressed people.
rule-lst-06-remedy =
    Stop every message to these people at once.
    Import the former provider’s suppressed people into the ledger as opt-outs, with the dates that the provider has.
    Whenever a provider changes, move the suppressed people first and the lists afterwards.
    If a person did agree again later, put that proof on file before writing to it.

rule-lst-07-name = Marketing to the United States
rule-lst-07-finding = { $subject }: { n-messages } of marketing to { n-recipients } with numbers of the United States, where Meta does not deliver marketing templates at present.
rule-lst-07-remedy =
    Take numbers of the United States out of marketing campaigns; the failures weigh on the template and on the number.
    Reach these people by another channel for which they have agreed.
    Utility and authentication messages are not concerned.

rule-vol-07-name = Marketing in quiet hours
rule-vol-07-finding = { $subject }: { n-messages } of marketing to { n-recipients } came before 8 in the morning or after 9 in the evening where they live, { $share } of the marketing.
rule-vol-07-remedy =
    Plan campaigns by the time of the person, not of the office: the country of the number tells it.
    Hold back what is ready too late until the next morning, and leave out what is no longer true by then.
    Look for programs that send at night because that is when they run.

rule-con-11-name = Opt-out not offered
rule-con-11-finding = { $subject }: { n-messages } to { n-recipients } promoted without saying how to receive no more of them.
rule-con-11-remedy =
    Add a quick reply that stops promotions, in the language of the template.
    Where there is no room for a button, say in the footer which word to reply with.
    See to it that the reply suppresses the person at once, in every system that sends.

rule-tpl-05-name = Utility that reads as marketing
rule-tpl-05-finding = { $subject }: { n-messages } to { n-recipients } were sent as utility, and { $signals } signs of marketing stand in the text.
rule-tpl-05-remedy =
    Split it: a utility template that only says what the person asked for or must know, and a marketing template for the rest.
    Send the marketing part only to people who agreed to marketing.
    Name the order, the booking or the request that the message is about.
    Do not submit the same text as utility again: repeated misuse of the category costs the right to send utility templates.

rule-tpl-07-name = Format of a template
rule-tpl-07-finding = { $subject }: { n-messages } to { n-recipients }, and { n-format-faults } in the template.
rule-tpl-07-remedy =
    Correct what is marked: lengths, order and samples of variables, buttons.
    Lint new templates before they are submitted, so that reviews are not spent on faults of form.
    Compare one sent message with the template: a variable out of order often shows in what people read.

rule-tpl-08-name = Variables that stand for whole texts
rule-tpl-08-finding = { $subject }: { n-messages } to { n-recipients }, and { n-variable-signs } that variables stand for whole texts.
rule-tpl-08-remedy =
    Write the text into the template, and keep variables for names, numbers and dates.
    Where several messages share one template, make a template for each.
    Give samples that look like what will be sent.

rule-tpl-10-name = Shortened or foreign link
rule-tpl-10-finding = { $subject }: { n-messages } to { n-recipients } with { n-odd-links }.
rule-tpl-10-remedy =
    Link to a domain of your own; short links can live below it.
    Have every domain that templates link to verified for the business.
    Let a variable only end an address, never choose its host.

rule-tpl-12-name = Rejected text submitted again
rule-tpl-12-finding = { $subject }: { n-messages } to { n-recipients } with almost the text of a template that was rejected, paused or disabled ({ $likeness } the same).
rule-tpl-12-remedy =
    Stop the template: the same text again is what makes enforcement escalate.
    Find out what people or the review objected to, and change the purpose or the wording, not single words.
    If the rejection was a mistake, ask for a review of it instead of submitting a copy.

rule-tpl-13-name = One-time codes outside authentication
rule-tpl-13-finding = { $subject }: { n-messages } to { n-recipients } speak of one-time codes or of proof of identity without being authentication.
rule-tpl-13-remedy =
    Make the template again in the category authentication; its text is fixed and its button copies the code.
    Take links, images and emojis out of messages with codes.
    Keep codes of bookings, parcels and vouchers apart from codes that prove identity, and call them by their names.

rule-pro-01-name = Prohibited content
rule-pro-01-finding = { $subject }: { n-messages } to { n-recipients } with words of prohibited goods or services, in { n-places }.
rule-pro-01-remedy =
    Stop the template now, and every campaign that uses it.
    Have somebody who knows the business policy read it: words can mislead, and a museum or a warning is no offer.
    If it is an offer, take the goods out of everything that is sent on WhatsApp, not only out of this template.
    Prepare what the ticket needs: what was sold, to whom it was sent, and since when it no longer is.

rule-pro-02-name = Regulated goods without a permit
rule-pro-02-finding = { $subject }: { n-messages } to { n-recipients } with words of regulated goods, in { n-places }, and no permit on record.
rule-pro-02-remedy =
    Stop until it is clear whether the business may promote these goods on WhatsApp, and in which countries.
    Record the permit with its countries; keep recipients of other countries and minors out.
    Do not use catalogues or payments for such goods.

rule-pro-03-name = Sensitive data asked for
rule-pro-03-finding = { $subject }: { n-messages } to { n-recipients } ask for data of cards, accounts, documents or health, in { n-places }.
rule-pro-03-remedy =
    Stop the template; ask for such data on a protected page of your own, or in person.
    Delete what people have sent in the chat, and tell whoever is responsible for data protection.
    Say in the message what you will never ask for.
