# The report of an audit, as a table.

report-period = Period
report-messages = Messages
report-recipients = People
report-sent = Sent
report-in-window = of these in the customer service window
report-inbound = Received
report-due = Needed an opt-in
report-template-failures = Templates that failed
report-free-form-outside-window = Free text outside of the window
report-peak = Most people in 24 hours
report-flooding-day = Fourth or later marketing message in a day
report-flooding-week = Seventh or later marketing message in a week
report-dead-audience = Never answered five or more marketing messages
report-undeliverable-resends = Sent again to unreachable people
report-retries = Repeated within a day of a failure
report-rejected = Rows that could not be read
report-no-findings = No finding.
report-rule = Rule
report-state = State
report-provisional = provisional
