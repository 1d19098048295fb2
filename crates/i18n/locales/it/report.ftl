# The report of an audit, as a table.

report-period = Periodo
report-messages = Messaggi
report-recipients = Persone
report-sent = Inviati
report-in-window = di cui nella finestra di assistenza clienti
report-inbound = Ricevuti
report-due = Con obbligo di opt-in
report-template-failures = Template non riusciti
report-free-form-outside-window = Testo libero fuori dalla finestra
report-peak = Massimo di persone in 24 ore
report-flooding-day = Quarto o successivo messaggio di marketing in un giorno
report-flooding-week = Settimo o successivo messaggio di marketing in una settimana
report-dead-audience = Nessuna risposta a cinque o più messaggi di marketing
report-undeliverable-resends = Nuovi invii a persone irraggiungibili
report-retries = Ripetuti entro un giorno da un errore
report-unknown-category = Messaggi di categoria sconosciuta
report-unknown-error = Errori con codice sconosciuto
report-rejected = Righe illeggibili
report-no-findings = Nessun rilievo.
report-rule = Regola
report-state = Stato
report-provisional = provvisorio

# Che cosa avrebbe detto un audit, se alcuni messaggi non fossero stati inviati.

counterfactual = Senza { $subjects }: { $removed } messaggi in meno; errori { $failedBefore } → { $failedAfter }, messaggi senza consenso { $consentBefore } → { $consentAfter }, massimo di persone in 24 ore { $peakBefore } → { $peakAfter }, rilievi { $findingsBefore } → { $findingsAfter }.
counterfactual-none = Nessuna lista, template o numero i cui messaggi si potrebbero escludere risolve questa regola: il problema attraversa tutto il traffico.
report-without = Senza
report-remedies = Che cosa non si sarebbe dovuto inviare
report-advice = Che cosa fare con le persone di ogni lista
report-advice-list = Lista
report-advice-people = Persone
report-advice-remove = Rimuovere
report-advice-ask-again = Chiedere di nuovo
report-advice-rest = Far riposare
report-advice-warm-up = Avviare gradualmente
report-advice-keep = Tenere
