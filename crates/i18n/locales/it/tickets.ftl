# Ticket. status-*, turn-* e *-explained li legge il cliente: parole semplici, niente gergo.

status-new = Ricevuto
status-new-explained = Abbiamo ricevuto la richiesta e la esamineremo a breve.
status-triage = In esame
status-triage-explained = Stiamo accertando che cosa contesta Meta e che cosa va corretto.
status-remediation = Da correggere
status-remediation-explained = Prima di chiedere a Meta lo sblocco, alcune cose vanno corrette da parte vostra.
status-ready = Pronto per l’invio a Meta
status-ready-explained = È tutto pronto: il prossimo passo è presentare la richiesta a Meta.
status-submitted = Inviato a Meta
status-submitted-explained = La richiesta è stata presentata a Meta. Attendiamo che venga presa in carico.
status-in-review = In valutazione presso Meta
status-in-review-explained = Meta sta valutando la richiesta. La decisione spetta soltanto a Meta.
status-recovery = Ripresa graduale degli invii
status-recovery-explained = Il blocco è stato rimosso. Gli invii crescono per gradi, perché non si ripeta.
status-closed = Chiuso
status-closed-explained = La pratica è chiusa.

waiting-on-us = il fornitore
waiting-on-client = il cliente
waiting-on-meta = Meta
waiting-on-third-party = un terzo

turn-us = Tocca a noi.
turn-client = Tocca a voi.
turn-meta = Tocca a Meta.
turn-third-party = Siamo in attesa di un terzo.

outcome-resolved = Risolto
outcome-reversed = Meta ha annullato la decisione
outcome-unchanged = Meta ha confermato la decisione
outcome-expired = La restrizione è scaduta
outcome-no-response = Meta non ha risposto
outcome-withdrawn = Ritirato
outcome-duplicate = Trattato in un altro ticket

ticket-kind-account-disabled = Account disattivato
ticket-kind-account-restricted = Account soggetto a restrizioni
ticket-kind-number-restricted = Numero soggetto a restrizioni
ticket-kind-template-rejected = Modello rifiutato
ticket-kind-template-paused = Modello in pausa
ticket-kind-template-category = Modello spostato in un’altra categoria
ticket-kind-messaging-limit = Limite di messaggistica
ticket-kind-display-name = Nome visualizzato
ticket-kind-other = Altro

ticket-level-portfolio = Portfolio aziendale
ticket-level-waba = Account WhatsApp Business
ticket-level-number = Numero di telefono
ticket-level-template = Modello

priority-p1 = P1: non si può inviare nulla
priority-p2 = P2: non si può scrivere per primi
priority-p3 = P3: alcuni modelli o funzioni sono bloccati
priority-p4 = P4: domanda

submission-channel-business-support-home = Richiesta di revisione in Business Support Home
submission-channel-direct-support = Direct Support
submission-channel-whatsapp-manager = WhatsApp Manager
submission-channel-email = E-mail
submission-channel-other = Altro

submission-outcome-reversed = Decisione annullata
submission-outcome-unchanged = Decisione confermata
submission-outcome-no-response = Nessuna risposta

notice-source-email = E-mail di Meta
notice-source-account-quality = Qualità dell’account
notice-source-webhook = Webhook
notice-source-graph = Meta, interrogata da noi
notice-source-other = Altra fonte

restriction-restricted-add-phone-number-action = Non si possono aggiungere altri numeri
restriction-restricted-biz-initiated-messaging = L’azienda non può scrivere per prima
restriction-restricted-customer-initiated-messaging = L’azienda non può rispondere a chi le scrive
restriction-restricted-utility-templates = Nessun modello «utility»
restriction-rate-limited-utility-template-messaging = Meno messaggi «utility»
restriction-restricted-direct-send-utility-templates = Nessun modello «utility» tramite Direct Send
restriction-restricted-business-initiated-calling = L’azienda non può chiamare
restriction-restricted-user-initiated-calling = Le persone non possono chiamare l’azienda
restriction-restricted-user-initiated-calling-call-button-hidden = Il pulsante di chiamata è nascosto
restriction-restricted-biz-initiated-and-user-initiated-calling = Nessuna chiamata, in nessuna direzione
restriction-disabled = L’account è disattivato
restriction-unknown = Altra restrizione

sla-metric-first-response = Prima risposta
sla-metric-submission = Invio a Meta
sla-metric-resolution = Risoluzione

sla-state-running = In corso
sla-state-paused = In pausa
sla-state-met = Rispettato
sla-state-breached = Non rispettato
sla-state-cancelled = Non più applicabile

sla-reason-open-hours = Orario di servizio
sla-reason-outside-hours = Fuori dall’orario di servizio
sla-reason-holiday = Festività: { $name }
sla-reason-waiting-us = Tocca al fornitore
sla-reason-waiting-client = In attesa del cliente
sla-reason-waiting-meta = In attesa di Meta
sla-reason-waiting-third-party = In attesa di un terzo
sla-reason-no-goal = Nessun impegno per questa priorità
sla-reason-ended = Il ticket era chiuso

sla-due-at = Scadenza: { $at }.
sla-paused-remaining = In pausa; restano { $remaining }.
sla-breached-since = Non rispettato dal { $at }.
sla-met-at = Rispettato il { $at }.

action-state-open = Da fare
action-state-done = Fatta, non ancora verificata
action-state-checking = In corso di verifica
action-state-resolved = Verificata: risolta
action-state-continuing = Verificata: ancora presente
action-state-inconclusive = Verificata: dati insufficienti per dirlo
action-state-cancelled = Annullata

summary-submitted = Tentativo { $attempt }: richiesta inviata a Meta il { $at } tramite { $channel }.
