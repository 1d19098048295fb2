# SLA timers in words. $start, $end, $at are moments; $target, $elapsed, $left, $over, $length are lengths of time.

sla-metric-next-reply = Next reply
sla-metric-keep-posted = Regular update
sla-metric-client-turn = Waiting for the client
sla-metric-corrective-action = Corrective action
sla-metric-submission-answer = Meta’s answer

sla-promised-time = { $metric } (cycle { $cycle }): promised within { $target } of the hours “{ $calendar }”.
sla-promised-days = { $metric } (cycle { $cycle }): promised within { $days ->
    [one] 1 working day
   *[other] { $days } working days
} of the hours “{ $calendar }”.
sla-promised-nothing = { $metric } (cycle { $cycle }): nothing is promised at this priority.
sla-counted = { $elapsed } counted since { $start }.
sla-left = { $left } in hand.
sla-over = { $over } over.
sla-done-at = Done on { $at }.
sla-due-if-resumed = If the clock went on now, it would be due by { $at }.
sla-fell-away = It no longer applies, and was not missed before.
sla-never-due = The hours never open for so long.

sla-stretch-counted = { $start } to { $end }: { $reason }. { $length }, counted.
sla-stretch-not-counted = { $start } to { $end }: { $reason }. { $length }, not counted.
sla-stretch-not-counted-since = { $start } to { $end }: { $reason } (entry { $sequence } of the timeline). { $length }, not counted.

sla-no-timers = Nothing is promised on this ticket.

error-sla-definition = The definition cannot be read: { $detail }
error-sla-metric = “{ $subject }” is listed twice, promises no time at all, or pauses while the provider has the turn.
error-sla-levels = Levels must be percentages from 1 to 99, then times before the deadline, then times after it, each in ascending order.
error-sla-tiers = The goals for tiers of “{ $subject }” must name tiers, each once.
error-sla-escalation = The escalation at “{ $subject }” stands at no level of the policy, does nothing, or gives the work to somebody who cannot take it over.
error-sla-calendar-unknown = A goal names the calendar “{ $subject }”, which does not exist. Create it first.
error-sla-key = A key has 1 to 50 lower-case letters, digits and underscores.
error-sla-zone = “{ $subject }” is no time zone. Give an IANA name such as Europe/Rome.
error-sla-windows = These opening hours are impossible or overlap: { $subject }
error-sla-date = The date { $subject } is out of range: give a year from 1970 to 2299.
error-sla-never-open = The calendar never opens. Give at least one window.
error-sla-holidays = The list of holidays cannot be read at line { $line }: { $detail }
error-sla-holiday-list-unknown = The calendar names the list of holidays “{ $subject }”, which does not exist. Set it first.
error-sla-tier = A tier has 1 to { $maximum } characters.
error-sla-past = Terms cannot be set for the past: tickets have been judged by what held then.
error-sla-reason = Say in 1 to { $maximum } characters why the terms change.
error-sla-report-period = Write months as YYYY-MM. A report covers 1 to { $maximum } of them, the first not after the last.

mail-sla-digest-subject = { $count } tickets need attention
mail-sla-digest-text = Promises on { $count } tickets are at risk or were not kept:
mail-sla-digest-percent = { $reference } { $title }: { $metric }, { $percent }% of the time is used up
mail-sla-digest-breach = { $reference } { $title }: { $metric }, not kept
mail-sla-digest-line = { $reference } { $title }: { $metric }
mail-sla-digest-more = { $count ->
    [one] and one more
   *[other] and { $count } more
 }
error-not-a-person = This is for people; a program has none.
error-quiet-hours = Write times as HH:MM, from 00:00 to 23:59; quiet hours must not end when they begin.
