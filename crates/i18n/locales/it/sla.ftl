# Tempi degli impegni in parole. $start, $end, $at sono istanti; $target, $elapsed, $left, $over, $length sono durate.

sla-metric-next-reply = Risposta successiva
sla-metric-keep-posted = Aggiornamento periodico
sla-metric-client-turn = In attesa del cliente
sla-metric-corrective-action = Azione correttiva
sla-metric-submission-answer = Risposta di Meta

sla-promised-time = { $metric } (ciclo { $cycle }): promessa entro { $target } dell’orario «{ $calendar }».
sla-promised-days = { $metric } (ciclo { $cycle }): promessa entro { $days ->
    [one] 1 giorno lavorativo
   *[other] { $days } giorni lavorativi
} dell’orario «{ $calendar }».
sla-promised-nothing = { $metric } (ciclo { $cycle }): con questa priorità non è promesso nulla.
sla-counted = Conteggiati { $elapsed } da { $start }.
sla-left = Ancora { $left } a disposizione.
sla-over = Superata di { $over }.
sla-done-at = Fatto il { $at }.
sla-due-if-resumed = Se il tempo riprendesse ora, la scadenza sarebbe { $at }.
sla-fell-away = Non si applica più, e prima non era stata mancata.
sla-never-due = L’orario non è mai aperto per così tanto tempo.

sla-stretch-counted = Da { $start } a { $end }: { $reason }. { $length }, conteggiati.
sla-stretch-not-counted = Da { $start } a { $end }: { $reason }. { $length }, non conteggiati.
sla-stretch-not-counted-since = Da { $start } a { $end }: { $reason } (voce { $sequence } della cronologia). { $length }, non conteggiati.

sla-no-timers = Su questo ticket non è promesso nulla.

error-sla-definition = La definizione non può essere letta: { $detail }
error-sla-metric = «{ $subject }» compare due volte, non promette alcun tempo, oppure si ferma mentre tocca al fornitore.
error-sla-levels = I livelli devono essere percentuali da 1 a 99, poi tempi prima della scadenza, poi tempi dopo, ciascuno in ordine crescente.
error-sla-tiers = Gli obiettivi per fascia di «{ $subject }» devono nominare fasce, ciascuna una volta sola.
error-sla-escalation = L’escalation a «{ $subject }» non sta su un livello della policy, non fa nulla, oppure affida il lavoro a chi non può prenderlo.
error-sla-calendar-unknown = Un obiettivo nomina l’orario «{ $subject }», che non esiste. Crearlo prima.
error-sla-key = Una chiave ha da 1 a 50 lettere minuscole, cifre e trattini bassi.
error-sla-zone = «{ $subject }» non è un fuso orario. Indicare un nome IANA come Europe/Rome.
error-sla-windows = Questi orari di apertura sono impossibili o si sovrappongono: { $subject }
error-sla-date = La data { $subject } è fuori intervallo: indicare un anno dal 1970 al 2299.
error-sla-never-open = L’orario non è mai aperto. Indicare almeno una fascia oraria.
error-sla-holidays = L’elenco delle festività non può essere letto alla riga { $line }: { $detail }
error-sla-holiday-list-unknown = L’orario nomina l’elenco di festività «{ $subject }», che non esiste. Crearlo prima.
error-sla-tier = Una fascia ha da 1 a { $maximum } caratteri.
error-sla-past = Le condizioni non si possono cambiare per il passato: i ticket sono stati giudicati con quelle che valevano allora.
error-sla-reason = Dire in 1-{ $maximum } caratteri perché le condizioni cambiano.
error-sla-report-period = Scrivere i mesi come AAAA-MM. Un rapporto ne copre da 1 a { $maximum }, il primo non dopo l’ultimo.

mail-sla-digest-subject = { $count } ticket richiedono attenzione
mail-sla-digest-text = Gli impegni su { $count } ticket sono a rischio o non sono stati rispettati:
mail-sla-digest-percent = { $reference } { $title }: { $metric }, usato il { $percent }% del tempo
mail-sla-digest-breach = { $reference } { $title }: { $metric }, non rispettato
mail-sla-digest-line = { $reference } { $title }: { $metric }
mail-sla-digest-more = { $count ->
    [one] e un altro
   *[other] e altri { $count }
 }
error-not-a-person = Vale per le persone; un programma non ne ha.
error-quiet-hours = Scrivere gli orari come HH:MM, da 00:00 a 23:59; il silenzio non può finire quando comincia.
