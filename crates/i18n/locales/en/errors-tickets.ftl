# Why work on a ticket is refused: what is wrong and what to do.

error-appeal-closed = Meta does not take this appeal, or no longer. If it does, change the deadline first; otherwise wait for the restriction to end.
error-attempt-unanswered = Record Meta’s refusal of the last submission first; only then another attempt can follow.
error-instant-out-of-order = This instant lies before what it follows. Give a later one.
error-original-invalid = A duplicate names the ticket that goes on; with any other outcome name none.
error-ticket-not-found = The client has no such ticket.
error-link-refused = These two tickets cannot be tied or untied so: look at the links that there are.

error-action-move-refused = The action does not stand where this can be done: look at its state.
error-action-of-staff = This action is the provider’s to do: only staff says that it is done.
error-action-without-finding = The action names no finding that an audit could look for. Add one that does, or close it by its proof.
error-preview-not-found = The client has no such preview, or it left no list, template or number out.
error-remedy-not-found = The preview has no remedy for this rule: it did not search for one, or nothing that was tried clears the rule.

action-leave-out = Leave out: { $what }

error-action-not-found = The ticket has no such corrective action.
error-submission-not-found = The ticket has no such submission.
error-file-name-invalid = Give the file a name of letters or digits.
error-file-too-large = The file is too large: at most 25 MB are taken. Shorten it, or split it.
error-file-type-refused = Files of this type are not taken. Send a PDF, an image, a document, a table, plain text, a ZIP archive or an MP4 video.
error-too-many-files = The ticket has 200 files already. Put several into one archive.

error-team-not-found = There is no such team.
error-work-name-invalid = The name must have 1 to 100 characters.
error-work-name-taken = Another one has this name already. Choose a different one.
error-tag-invalid = A tag has 1 to 40 letters, digits, dashes or underscores.
error-too-many-tags = The ticket has 20 tags already. Remove some first.
error-place-unknown = “{ $place }” stands for nothing. Use ticket.ref, ticket.title, client.name, agent.name or appeal.deadline, in double braces that are closed.
error-view-invalid = The list is too long to be kept: shorten its filter.
error-too-many-views = 100 lists are kept already. Delete some first.
