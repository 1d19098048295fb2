# Why the application refuses an input: what is wrong with it and what to do. Keys are those of the application's codes.

error-email-invalid = This is not an e-mail address: write it as name@company.example.
error-name-invalid = The name must have 1 to 200 characters.
error-password-invalid = The password must have at least 12 characters and at most 256 bytes.
error-role-invalid = You cannot give this role here: staff roles belong to no client, client roles to one, and nobody gives more than they have.
error-language-unknown = This language is not known: use “it” or “en”.
error-permissions-invalid = Name at least one permission, only ones that you hold, and for the token of a client only ones that a client can have.
error-expiry-in-past = The end lies in the past: choose a later one.

error-client-not-found = There is no such client, or you may not see it.
error-slug-invalid = The short name must have 1 to 63 characters: lower-case letters, digits, and dashes inside.
error-slug-taken = Another one has this short name already. Choose a different one.
error-time-zone-unknown = This is not a known time zone. Use a name such as Europe/Rome.

error-waba-not-found = The client has no such WhatsApp Business account.
error-phone-number-not-found = The client has no such phone number.
error-template-not-found = The client has no such template.
error-meta-id-invalid = The id at Meta must have 1 to 32 digits.
error-meta-id-taken = This id of Meta’s is recorded already.
error-number-invalid = The phone number must have 7 to 15 digits, with the country code first.
error-messaging-limit-invalid = The messaging limit must be a number above zero.

error-finding-not-found = The client has no such finding, or the findings come from several audits. Name findings of one audit.
error-notice-not-found = The client has no such notice of enforcement.
error-assignee-not-found = There is no such member of staff.
error-title-invalid = The title must have 1 to 200 characters.
error-text-invalid = The text must have 1 to 20,000 characters.
error-instant-in-future = This instant lies in the future: give one that has passed.
error-already-answered = The answer to this submission has been recorded already.
error-word-invalid = This must have 1 to 200 characters.
error-asset-missing = Name the account or the phone number that it is about.

error-local-time-malformed = This is not a time of day: write it as 03:30.

error-threshold-unknown = There is no threshold “{ $threshold }”. The query “thresholds” lists all of them.
error-threshold-kind = “{ $threshold }” takes a value of another kind: a whole number for a count, a fraction for a share, or null to take it back.
error-threshold-order = “{ $threshold }” would lie on the wrong side of the line of the lower severity. Change both together.
error-threshold-invalid = “{ $threshold }” cannot have this value. The query “thresholds” says which thresholds there are, and their bounds.
error-threshold-nothing = Nothing would change: these values hold already.
error-threshold-reason = Say in 1 to { $maximum } characters where the values come from.
error-threshold-past = Thresholds cannot be set for the past: audits have been run with what held then.
error-threshold-before-latest = A later version has been set already. Choose an instant that is not before it.
error-audit-not-completed = The audit has no result yet, or never had one. Wait until it has ended, or ask for another.
error-audit-not-removable = Only lists, templates (name/language) and numbers (Meta’s id) can be left out, at most 100.

error-export-reason = Say in 1 to { $maximum } characters why recipients are to be shown in clear; it is recorded with your name.
error-export-not-ready = The file is not there yet, or could not be written. Look at the state of the export.
error-export-expired = The file has been deleted. Ask for a new one.
