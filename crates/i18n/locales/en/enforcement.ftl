# Enforcement by Meta. Why an episode is taken to have reached a step of Meta's ladder: $sign is Meta's own word.

stage-warning-reason = Meta named a violation ({ $sign }) and took nothing away.
stage-limited-reason = Meta restricted something beside messaging ({ $sign }).
stage-short-block-reason = Meta blocked messages that the business starts, for a time ({ $sign }).
stage-full-block-reason = Meta blocked all messages, replies too, for a time ({ $sign }).
stage-locked-reason = Meta blocked messages without an end ({ $sign }): only an appeal lifts it.
stage-disable-scheduled-reason = Meta announced the day on which the account is disabled ({ $sign }).
stage-disabled-reason = Meta disabled the account ({ $sign }).
stage-offboarded-reason = Meta put the account off the platform ({ $sign }).

error-stop-word-invalid = A stop word has 1 to 40 characters.
error-stop-words-too-many = There can be 100 stop words at most.
