# Pezzi di cui sono fatti altri messaggi. Variabili: $messages, $recipients (quantità), $id, $day.

n-messages = { $messages ->
    [one] 1 messaggio
   *[other] { $messages } messaggi
}
n-recipients = { $recipients ->
    [one] 1 persona
   *[other] { $recipients } persone
}

subject-client = Tutto l’account
subject-list = Lista «{ $id }»
subject-list-none = Messaggi senza lista
subject-template = Modello «{ $id }»
subject-template-none = Messaggi senza modello
subject-number = Numero { $id }
subject-number-none = Numero sconosciuto
subject-campaign = Campagna «{ $id }»
subject-campaign-none = Messaggi senza campagna
subject-account = Account { $id }
subject-account-none = Account sconosciuto
subject-portfolio = Il portfolio aziendale
subject-notice = «{ $id }» di Meta
subject-notice-of-account = «{ $id }» di Meta sull’account { $account }
subject-notice-none = Avviso di Meta
subject-rule = Regola { $id }
subject-rule-none = Regola sconosciuta
subject-wording = Testo «{ $id }»
subject-wording-none = Testo sconosciuto
subject-country = Paese { $id }
subject-country-none = Paese sconosciuto
subject-on-day = { $subject }, { $day }

language-it = italiano
language-en = inglese
