# Words for states and kinds: <group>-<value>, the value as stored, in lower case, with hyphens.

severity-info = Note
severity-low = Low
severity-medium = Medium
severity-high = High
severity-critical = Critical

rule-state-finding = Something was found
rule-state-clear = Checked, nothing found
rule-state-insufficient-data = Too little data to judge
rule-state-not-fed = Not checked: its data were not given

verdict-valid = Valid consent
verdict-opted-out = Opted out
verdict-expired = Consent expired
verdict-retroactive = Recorded after the message
verdict-scope-mismatch = Consent for another purpose
verdict-none = No consent

category-marketing = Marketing
category-utility = Utility
category-authentication = Authentication
category-service = Service
category-unknown = Unknown

role-bsp-admin = Administrator (provider)
role-support-agent = Support
role-analyst = Analyst
role-auditor = Auditor
role-client-admin = Administrator (client)
role-client-developer = Developer (client)
role-client-viewer = Viewer (client)

import-kind-messages = Messages sent
import-kind-inbound = Messages received
import-kind-consents = Consents
import-kind-templates = Templates
import-kind-assets = Declared assets

import-state-running = Being read
import-state-completed = Completed
import-state-failed = Failed; nothing was imported

import-failure-unusable = The file cannot be used
import-failure-cancelled = Stopped
import-failure-abandoned = The process that read the file fell silent; import it again
import-failure-overtaken = The same file was imported meanwhile
import-failure-storage = The service could not store the rows; import the file again

job-state-queued = Waiting
job-state-running = Running
job-state-retry = Failed, will be tried again
job-state-succeeded = Done
job-state-dead = Failed
job-state-cancelled = Cancelled
