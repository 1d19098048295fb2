# Why work on a ticket is refused: what is wrong and what to do.

error-appeal-closed = Meta does not take this appeal, or no longer. If it does, change the deadline first; otherwise wait for the restriction to end.
error-attempt-unanswered = Record Meta’s refusal of the last submission first; only then another attempt can follow.
error-instant-out-of-order = This instant lies before what it follows. Give a later one.
error-original-invalid = A duplicate names the ticket that goes on; with any other outcome name none.
error-ticket-not-found = The client has no such ticket.
error-link-refused = These two tickets cannot be tied or untied so: look at the links that there are.
