# Le lettere che le persone ricevono per posta: oggetto (-subject), testo (-text), invito all’azione (-action).

mail-greeting = Buongiorno { $name },
mail-greeting-plain = Buongiorno,
mail-footer = Questo messaggio è stato inviato in automatico da { $sender }.
mail-footer-ticket = Per rispondere al ticket basta rispondere a questo messaggio.
mail-footer-unsubscribe = Non vuole più ricevere messaggi di questo tipo? Può disattivarli qui:
mail-reply-above = Risponda sopra questa riga
mail-code = Il Suo codice, valido una volta sola:

mail-invitation-subject = Invito a { $sender }
mail-invitation-text = È stato invitato a creare un accesso a { $sender }.
mail-invitation-by = L’invito è di { $by }.
mail-invitation-for = L’accesso è per { $organisation }.
mail-invitation-expiry = L’invito vale fino al { $expires }. Se non se lo aspettava, lo ignori.
mail-invitation-action = Accetta l’invito

mail-password-reset-subject = Nuova password per { $sender }
mail-password-reset-text = È stata chiesta una nuova password per il Suo accesso.
mail-password-reset-expiry = La richiesta vale fino al { $expires }. Se non l’ha fatta Lei, ignori questo messaggio: la password resta quella di prima.
mail-password-reset-action = Scegli la nuova password

mail-email-change-subject = Confermi il nuovo indirizzo
mail-email-change-text = È stato chiesto di usare questo indirizzo per accedere a { $sender }.
mail-email-change-expiry = La richiesta vale fino al { $expires }. Se non l’ha fatta Lei, ignori questo messaggio.
mail-email-change-action = Conferma l’indirizzo

mail-email-changed-subject = L’indirizzo del Suo accesso è cambiato
mail-email-changed-text = Il Suo accesso a { $sender } usa ora un altro indirizzo. Se non l’ha chiesto Lei, contatti subito l’assistenza.

mail-sign-in-locked-subject = Accesso bloccato dopo vari tentativi
mail-sign-in-locked-text = Dopo vari tentativi non riusciti l’accesso è bloccato fino al { $until }. Se non è stato Lei, scelga una nuova password.

mail-security-notice-subject = Il Suo accesso: { $event }
mail-security-notice-text = È successo questo sul Suo accesso a { $sender }: { $event }.
mail-security-notice-doubt = Se non è stato Lei, contatti subito l’assistenza.

security-event-password-changed = la password è stata cambiata
security-event-second-factor-enabled = il secondo fattore è stato attivato
security-event-second-factor-disabled = il secondo fattore è stato disattivato
security-event-recovery-codes-replaced = i codici di recupero sono stati sostituiti
security-event-recovery-code-used = è stato usato un codice di recupero
security-event-new-sign-in = accesso da un indirizzo nuovo
security-event-credential-copied = una credenziale è stata copiata e l’accesso è stato chiuso
security-event-api-token-created = è stato creato un token per programmi

mail-ticket-opened-text = È stato aperto un ticket:
mail-ticket-reply-text = C’è una nuova risposta sul ticket.
mail-ticket-reply-by = { $author } ha scritto:
mail-waiting-for-you-text = Tocca a voi: per andare avanti serve qualcosa da voi.
mail-action-due-text = Questo va fatto entro il { $due }:
mail-sla-warning-text = La promessa «{ $metric }» scade il { $due }.
mail-sla-warning-percent = È già passato il { $percent } del tempo.
mail-sla-breach-text = La promessa «{ $metric }» non è stata mantenuta: scadeva il { $due }.
mail-sla-reminder-text = Si aspettava una risposta entro il { $expected }, e non è arrivata.
mail-sla-metric = Riguarda: { $metric }.
mail-escalation-text = Il ticket è stato portato al livello { $level } e ha bisogno della Sua attenzione.
mail-submission-text = La richiesta è stata presentata a Meta (tentativo { $attempt }, { $channel }).
mail-submission-expected = Una risposta è attesa entro il { $expected }.
mail-outcome-text = Meta ha risposto: { $outcome }.
mail-outcome-note = Meta ha scritto:
mail-ticket-action = Apri il ticket

mail-audit-findings-subject = { $count ->
    [one] Un nuovo riscontro nell’analisi del traffico
   *[other] { $count } nuovi riscontri nell’analisi del traffico
 }
mail-audit-findings-text = { $count ->
    [one] L’ultima analisi del traffico ha trovato una cosa nuova:
   *[other] L’ultima analisi del traffico ha trovato { $count } cose nuove:
 }
mail-audit-findings-line = { $severity }: { $rule } ({ $messages ->
    [one] un messaggio
   *[other] { $messages } messaggi
 })
mail-audit-findings-more = { $count ->
    [one] e un’altra
   *[other] e altre { $count }
 }
mail-audit-findings-action = Apri l’analisi

mail-enforcement-notice-subject = Provvedimento di Meta
mail-enforcement-notice-subject-account = Provvedimento di Meta: { $account }
mail-enforcement-notice-text = Meta ha comunicato un provvedimento.
mail-enforcement-notice-account = Riguarda { $account }.
mail-enforcement-notice-ticket = Lo seguiamo nel ticket { $reference }.

mail-test-subject = Prova di { $sender }
mail-test-text = Questo messaggio di prova è arrivato: la posta è configurata.

mail-digest-subject = { $count ->
    [one] Una novità
   *[other] { $count } novità
 }
mail-digest-text = Ecco che cosa è successo:
mail-digest-more = { $count ->
    [one] e un’altra novità
   *[other] e altre { $count } novità
 }

mail-reply-refused-text = La Sua risposta non è stata registrata, perché il ticket è chiuso. Se serve ancora qualcosa, apra un nuovo ticket.

mail-unsubscribe-ask = Non ricevere più questi messaggi: { $topic }?
mail-unsubscribe-button = Disattiva
mail-unsubscribe-done = Disattivato. Non riceverà più questi messaggi: { $topic }.

topic-security = sicurezza dell’accesso
topic-tickets = ticket e loro avanzamento
topic-sla = promesse e scadenze
topic-audits = analisi del traffico
topic-enforcement = provvedimenti di Meta

error-topic-fixed = I messaggi sulla sicurezza dell’accesso non si possono disattivare.
error-no-person = Solo una persona riceve messaggi: accedere come tale.

mail-files-alone = (Nessun testo: si vedano i file.)
mail-files-not-kept = (File allegati alla risposta e non conservati: { $names })
mail-text-cut = (La risposta è più lunga di così. Per intero è nel file { $name }, salvo che questo sia indicato tra i non conservati.)
error-mail-unreadable = Questo non è un messaggio di posta: inviare il messaggio intero, con le sue intestazioni.

mail-webhook-disabled-subject = Webhook disattivato: { $host }
mail-webhook-disabled-text = Gli eventi per { $host } non vengono più inviati: l’indirizzo non li accetta dal { $since }. Quando sarà di nuovo raggiungibile lo riattivi, e chieda di ripetere gli eventi mancanti.

error-webhook-url-malformed = Questo non è un indirizzo valido: indicare https://host/percorso, senza nome utente, password o frammento.
error-webhook-url-insecure = I webhook viaggiano solo su https: indicare un indirizzo https://.
error-webhook-url-private = L’indirizzo deve essere raggiungibile da Internet: reti private e questo stesso computer sono esclusi.
error-webhook-description = La descrizione può avere al massimo 200 caratteri.
error-webhook-events = Scegliere almeno un evento; «endpoint.tested» non si può scegliere.
error-webhook-too-many = Un cliente può avere al massimo { $maximum } indirizzi: eliminarne uno.
error-webhook-not-ended = Questo invio è ancora in corso: attendere che finisca.
error-webhook-disabled = L’indirizzo è disattivato: riattivarlo prima.
