# What goes wrong, for those who use the API: what happened and what to do. Never internals, never personal data.

error-not-found = It does not exist, or you may not see it.
error-forbidden = Your role does not allow this. Ask an administrator for the permission “{ $permission }”.
error-unauthenticated = Sign in first, or send a valid token.
error-bad-credentials = The e-mail address or the password is wrong.
error-account-disabled = This account has been disabled. Ask an administrator to enable it again.
error-token-expired = The session has ended. Sign in again.
error-token-invalid = The token is not valid. Sign in again, or ask for a new token.
error-token-revoked = The token has been revoked. Ask for a new one.
error-email-taken = A user with this e-mail address exists already.
error-id-malformed = “{ $id }” is not a valid identifier.
error-cursor-malformed = The cursor is not valid for this list. Start again from the first page.
error-page-size = Ask for 1 to { $maximum } entries a page.
error-date-malformed = “{ $value }” is not a date and time as RFC 3339 writes them, such as 2026-11-22T08:00:00Z.
error-period-empty = The period ends before it begins.
error-required = This field must not be empty.
error-too-long = This is too long: at most { $maximum } characters.
error-too-many = At most { $maximum } entries are accepted here.
error-out-of-range = The value must lie between { $minimum } and { $maximum }.
error-value-unknown = “{ $value }” is none of the accepted values.
error-transition-refused = A ticket cannot go from “{ $from }” to “{ $to }”.
error-ticket-closed = The ticket is closed. Reopen it first.
error-version-conflict = Somebody else has changed this in the meantime (version { $present }). Look at the change, then try again.
error-idempotency-conflict = This idempotency key was used for another request. Use a new key.
error-rate-limited = Too many attempts. Try again in { $wait }.
error-audit-running = An audit of this client is running already. Wait for it, or cancel it.
error-audit-finished = The audit has finished and can no longer be cancelled.
error-audit-no-data = There is no imported traffic in this period.
error-busy = The service is busy. Try again in { $wait }.
error-timeout = The request took too long and was stopped. Ask for less, or try again later.
error-too-large = The request is too large: at most { $maximum }.
error-unavailable = The service cannot be reached at the moment. Try again later.
error-internal = Something went wrong on our side. Quote the number { $request } when you write to us.
error-import-file-unusable = The file cannot be used, and nothing of it was imported: { $detail }
error-import-format = Templates are imported as NDJSON: one JSON object a line, as the Graph API returns them.
error-import-cancelled = The import was stopped, and nothing of it was imported.
error-import-abandoned = The import stood still for too long and was given up; nothing of it was imported. Import the file again.

audit-failure-unreadable-traffic = The imported traffic cannot be read. The operators of the service have been told; import the files again if they ask for it.
audit-failure-too-many-attempts = The audit failed several times and was given up. Ask for it again; if it fails again, tell the operators of the service.
audit-failure-evidence-differs = The messages were looked for again, and there are not as many as the finding counts, so no file is handed out. Run the audit again; if it stays so, tell the operators of the service the id of the finding.
audit-failure-internal = The audit failed because of a fault of the service. Tell its operators the id of the audit.

import-error-empty = The file is empty: it needs a header with the names of its columns.
import-error-format = The name of the file tells no format. Use .csv, .ndjson or .parquet (.gz and .zst after the first two).
import-error-columns = Required columns are missing: { $columns }.
import-error-column-twice = The column { $column } stands twice. Keep one.
import-error-column-type = The column { $column } has the type { $found }; write it as { $expected }.
import-error-header = The first line has a quote that is not closed or stands inside a name.
import-error-not-utf-8 = Line { $line } is not UTF-8. Save the file as UTF-8 (in a spreadsheet: CSV UTF-8).
import-error-truncated = The file ends too early, after line { $line }. Upload it again.
import-error-damaged = The compressed data are damaged after line { $line }. Compress and upload the file again.
import-error-parquet = This is not a Parquet file that can be read. Write it again, compressed with zstd, snappy, gzip or not at all.
import-error-strict = { $rejected ->
    [one] 1 row was not understood
   *[other] { $rejected } rows were not understood
}, and the import was to be strict: nothing was imported.

import-row = Line { $line }, column { $column }: { $reason }.
row-reason-missing = empty, but required
row-reason-not-a-recipient = neither a number of 7 to 15 digits nor a business-scoped user id
row-reason-not-a-user-id = not a business-scoped user id
row-reason-not-an-instant = neither a date and time with an offset (RFC 3339) nor whole Unix seconds
row-reason-not-a-number = not a whole number
row-reason-unknown-type = neither “template” nor “free_form”
row-reason-unknown-status = none of “sent”, “delivered”, “read”, “played”, “failed”
row-reason-unknown-action = neither “opt_in” nor “opt_out”
row-reason-unknown-scope = none of “marketing”, “utility”, “authentication”, “all”
row-reason-too-long = too long
row-reason-quoting = a quote that is not closed or stands inside a field
row-reason-field-count = another number of fields than the header
row-reason-not-an-object = not a JSON object
row-reason-json-type = neither text, number nor null
row-reason-invalid-value = a value that cannot be read
row-reason-not-utf-8 = not UTF-8
error-password-breached = This password is known from a data breach: choose another one.
error-code-invalid = The code is not valid, was used already, or has expired: ask for another one.
error-second-factor-required = Enter the code that your authenticator shows, or a recovery code.
error-second-factor-setup-required = Staff sign in with a second factor here: set one up first.
error-second-factor-invalid = The code is not right, or was used already: wait for the next one.
error-second-factor-exists = The account has a second factor already: remove it first.
error-overlap-invalid = The old secret may stay good for at most 30 days.
error-assignment-invalid = Only staff who are not administrators can be limited to clients, at most 500 of them.
