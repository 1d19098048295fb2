# Pieces that other messages are made of. Variables: $messages, $recipients (counts), $id, $day.

n-messages = { $messages ->
    [one] 1 message
   *[other] { $messages } messages
}
n-recipients = { $recipients ->
    [one] 1 person
   *[other] { $recipients } people
}

subject-client = The whole account
subject-list = List “{ $id }”
subject-list-none = Messages of no list
subject-template = Template “{ $id }”
subject-template-none = Messages of no template
subject-number = Number { $id }
subject-number-none = Unknown number
subject-campaign = Campaign “{ $id }”
subject-campaign-none = Messages of no campaign
subject-account = Account { $id }
subject-account-none = Unknown account
subject-portfolio = The business portfolio
subject-notice = Meta’s “{ $id }”
subject-notice-of-account = Meta’s “{ $id }” on account { $account }
subject-notice-none = Meta’s notice
subject-rule = Rule { $id }
subject-rule-none = Unknown rule
subject-wording = Wording “{ $id }”
subject-wording-none = Unknown wording
subject-country = Country { $id }
subject-country-none = Unknown country
subject-on-day = { $subject }, { $day }

language-it = Italian
language-en = English
