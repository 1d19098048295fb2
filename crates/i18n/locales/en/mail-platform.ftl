# Letters about the platform.

mail-graph-token-subject = The token of Meta’s Graph API is no longer good
mail-graph-token-text = Meta refuses the token by which accounts are asked about (code { $code }). Until it is renewed, colours of numbers, ends of restrictions and Meta’s own counts are not learned. Make a new one for the system user, with whatsapp_business_management, and put it into graph.token_file.

mail-graph-account-subject = Meta does not let us look at { $account }
mail-graph-account-text = Meta refuses to tell how { $account } stands (code { $code }). Ask the client’s administrator to share the account with our business again, with permission to manage it.

mail-account-lost-subject = We no longer look after { $account }
mail-account-lost-text = Meta says that { $account } is no longer shared with our business ({ $words }). Webhooks about it end, and nothing more is learned of it. If the client did not mean to, ask its administrator to share the account again.

mail-sending-blocked-subject = Meta says that { $asset } cannot send
mail-sending-blocked-text = Asked about { $account }, Meta says of { $asset }: { $state }.
mail-sending-blocked-payment = Something is wrong with the payment method: messages that the business starts are refused until it is mended in Meta’s billing settings.
mail-sending-blocked-verification = The business is not verified: its administrator must finish the verification in the security centre of Meta Business.

mail-unknown-traffic-subject = Messages that were not sent through us
mail-unknown-traffic-text = In the 24 hours from { $from } Meta counted { $meta ->
    [one] one message
   *[other] { $meta } messages
} of the client’s accounts, and the send log holds { $log }: { $unknown } unknown.
mail-unknown-traffic-why = Somebody else with access to the accounts sent them, or the send log is not whole. Of such messages nobody here knows consents and lists, and they can lead to a block: ask the client which other programs send.

mail-platform-alert-subject = Needs attention now: { $rule }
mail-platform-alert-text = { $severity }: { $rule } ({ $subject }).

mail-platform-incident-subject = Incident at Meta: error { $code } at many clients
mail-platform-incident-text = Since { $since } error { $code } has been far more frequent than usual at { $clients ->
    [one] one client
   *[other] { $clients } clients
} at once ({ $messages ->
    [one] one message
   *[other] { $messages } messages
}). That points to Meta, not to the clients; they are not told one by one.
