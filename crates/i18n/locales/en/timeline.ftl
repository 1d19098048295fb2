# What happened on a ticket, one sentence for each entry of its timeline. Clients read most of them.

event-opened = The ticket was opened with priority “{ $priority }”.
event-closed = The ticket was closed: { $outcome }.
event-reopened = The ticket was reopened.
event-status = The status changed from “{ $from }” to “{ $to }”.
event-turn = The turn passed from { $from } to { $to }.
event-priority = The priority changed from “{ $from }” to “{ $to }”.
event-corrected-title = The title “{ $from }” became “{ $to }”.
event-corrected-kind = The kind was corrected from “{ $from }” to “{ $to }”.
event-corrected-level = The level was corrected from “{ $from }” to “{ $to }”.
event-assigned = The ticket was assigned to { $name }.
event-assigned-somebody = The ticket was assigned to a member of staff.
event-unassigned = The ticket is assigned to nobody any more.
event-team-assigned = The ticket was given to the team { $name }.
event-team-unassigned = The ticket belongs to no team any more.
event-tagged = Tags given: { $tags }.
event-untagged = Tags taken away: { $tags }.
event-watched = { $name } watches the ticket.
event-unwatched = { $name } no longer watches the ticket.
event-somebody = A member of staff
event-replied-staff = The provider wrote.
event-replied-client = The client wrote.
event-noted = A note was written for staff.
event-submitted = The request was filed with Meta (attempt { $attempt }, { $channel }).
event-answered = Meta’s answer was recorded: { $outcome }.
event-appeal-yes = Meta takes an appeal.
event-appeal-no = Meta takes no appeal.
event-appeal-unknown = It is not known whether Meta takes an appeal.
event-appeal-until = The time for it ends on { $at }.
event-outcome-proposed = It shows how the ticket will have ended, for a person to confirm: { $outcome }.
event-linked-related = Related to ticket { $reference }.
event-linked-duplicate-of = This is a duplicate of ticket { $reference }.
event-linked-duplicate-of-this = Ticket { $reference } is a duplicate of this one.
event-linked-child-of = This is a part of ticket { $reference }.
event-linked-child-of-this = Ticket { $reference } is a part of this one.
event-unlinked = No longer tied to ticket { $reference }.
event-file-added = A file was added: { $name }.
event-action-added = To be done by { $owner }: { $title }.
event-action-changed = “{ $title }”: { $state }.
event-action-changed-plain = A corrective action: { $state }.
event-findings-linked = { $count ->
    [one] A finding of an audit was attached as evidence.
   *[other] { $count } findings of an audit were attached as evidence.
 }
event-enforcement-linked = A notice of enforcement by Meta belongs to this ticket.
event-deadlines-terms = The terms changed, and deadlines moved.
event-deadlines-priority = With the priority deadlines moved.
event-deadline-moved = “{ $metric }” is due on { $to } instead of { $from }.
event-deadline-set = “{ $metric }” is due on { $to }.
event-deadline-gone = “{ $metric }” is not promised any more.
event-deadline-breached = “{ $metric }” is thereby missed.
event-sla-percent = { $percent } of the time for “{ $metric }” is used up.
event-sla-before = “{ $metric }” is due after { $left } of counted time.
event-sla-breach = “{ $metric }” was missed.
event-sla-after = “{ $metric }” was missed { $over } of counted time ago.
