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
report-unknown-category = Messages of an unknown category
report-unknown-error = Failures with an unknown code
report-rejected = Rows that could not be read
report-no-findings = No finding.
report-rule = Rule
report-state = State
report-provisional = provisional

# What an audit would have said, had some messages not been sent.

counterfactual = Without { $subjects }: { $removed } messages fewer; failures { $failedBefore } → { $failedAfter }, messages without consent { $consentBefore } → { $consentAfter }, most people in 24 hours { $peakBefore } → { $peakAfter }, findings { $findingsBefore } → { $findingsAfter }.
counterfactual-none = No list, template or number whose messages could be left out clears this rule: what is wrong runs through all traffic.
report-without = Without
report-remedies = What should not have been sent
report-advice = What to do with the people of each list
report-advice-list = List
report-advice-people = People
report-advice-remove = Remove
report-advice-ask-again = Ask again
report-advice-rest = Let rest
report-advice-warm-up = Warm up
report-advice-keep = Keep
