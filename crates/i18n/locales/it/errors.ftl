# Che cosa non va, per chi usa l’API: che cosa è successo e che cosa fare. Mai dettagli interni, mai dati personali.

error-not-found = Non esiste, oppure non è visibile con questo accesso.
error-forbidden = Il ruolo non lo consente. Chiedere a un amministratore il permesso «{ $permission }».
error-unauthenticated = Accedere prima, oppure inviare un token valido.
error-bad-credentials = L’indirizzo e-mail o la password non sono corretti.
error-account-disabled = Questo account è stato disattivato. Chiedere a un amministratore di riattivarlo.
error-token-expired = La sessione è terminata. Accedere di nuovo.
error-token-invalid = Il token non è valido. Accedere di nuovo o chiedere un nuovo token.
error-token-revoked = Il token è stato revocato. Chiederne uno nuovo.
error-email-taken = Esiste già un utente con questo indirizzo e-mail.
error-id-malformed = «{ $id }» non è un identificativo valido.
error-cursor-malformed = Il cursore non è valido per questo elenco. Ripartire dalla prima pagina.
error-page-size = Chiedere da 1 a { $maximum } voci per pagina.
error-date-malformed = «{ $value }» non è una data con ora secondo RFC 3339, per esempio 2026-11-22T08:00:00Z.
error-period-empty = Il periodo finisce prima di cominciare.
error-required = Questo campo non può essere vuoto.
error-too-long = Troppo lungo: al massimo { $maximum } caratteri.
error-too-many = Qui si accettano al massimo { $maximum } voci.
error-out-of-range = Il valore deve essere compreso fra { $minimum } e { $maximum }.
error-value-unknown = «{ $value }» non è fra i valori ammessi.
error-transition-refused = Un ticket non può passare da «{ $from }» a «{ $to }».
error-ticket-closed = Il ticket è chiuso. Va prima riaperto.
error-version-conflict = Nel frattempo qualcun altro ha fatto una modifica (versione { $present }). Controllarla e riprovare.
error-idempotency-conflict = Questa chiave di idempotenza è già servita per un’altra richiesta. Usarne una nuova.
error-rate-limited = Troppi tentativi. Riprovare fra { $wait }.
error-audit-running = Un audit di questo cliente è già in corso. Attendere che finisca o annullarlo.
error-audit-finished = L’audit è terminato e non si può più annullare.
error-audit-no-data = In questo periodo non c’è traffico importato.
error-busy = Il servizio è sovraccarico. Riprovare fra { $wait }.
error-timeout = La richiesta ha richiesto troppo tempo ed è stata interrotta. Chiedere meno dati o riprovare più tardi.
error-too-large = La richiesta è troppo grande: al massimo { $maximum }.
error-unavailable = Il servizio al momento non è raggiungibile. Riprovare più tardi.
error-internal = Si è verificato un errore da parte nostra. Nello scriverci, citare il numero { $request }.
error-import-file-unusable = Il file non è utilizzabile e non ne è stato importato nulla: { $detail }
error-import-format = I modelli si importano in NDJSON: un oggetto JSON per riga, come li restituisce la Graph API.
error-import-cancelled = L’importazione è stata interrotta e non è stato importato nulla.
error-import-abandoned = L’importazione è rimasta ferma troppo a lungo ed è stata abbandonata; non è stato importato nulla. Importare di nuovo il file.

audit-failure-unreadable-traffic = Il traffico importato non si può leggere. Chi gestisce il servizio è stato avvisato; importare di nuovo i file se lo chiede.
audit-failure-too-many-attempts = L’audit è fallito più volte ed è stato abbandonato. Richiederlo di nuovo; se fallisce ancora, avvisare chi gestisce il servizio.
audit-failure-evidence-differs = I messaggi sono stati cercati di nuovo e non sono tanti quanti il rilievo ne conta, perciò non viene consegnato alcun file. Ripetere l’audit; se accade ancora, comunicare a chi gestisce il servizio l’identificativo del rilievo.
audit-failure-internal = L’audit è fallito per un errore del servizio. Comunicare a chi lo gestisce l’identificativo dell’audit.

import-error-empty = Il file è vuoto: serve un’intestazione con i nomi delle colonne.
import-error-format = Dal nome del file non si riconosce il formato. Usare .csv, .ndjson o .parquet (per i primi due anche .gz e .zst).
import-error-columns = Mancano colonne obbligatorie: { $columns }.
import-error-column-twice = La colonna { $column } compare due volte. Tenerne una.
import-error-column-type = La colonna { $column } è di tipo { $found }; scriverla come { $expected }.
import-error-header = Nella prima riga ci sono virgolette non chiuse o all’interno di un nome.
import-error-not-utf-8 = La riga { $line } non è in UTF-8. Salvare il file in UTF-8 (in un foglio di calcolo: CSV UTF-8).
import-error-truncated = Il file finisce troppo presto, dopo la riga { $line }. Caricarlo di nuovo.
import-error-damaged = I dati compressi sono danneggiati dopo la riga { $line }. Comprimere e caricare di nuovo il file.
import-error-parquet = Non è un file Parquet leggibile. Riscriverlo, compresso con zstd, snappy, gzip o senza compressione.
import-error-strict = { $rejected ->
    [one] 1 riga non è stata compresa
   *[other] { $rejected } righe non sono state comprese
} e l’importazione doveva essere rigorosa: non è stato importato nulla.

import-row = Riga { $line }, colonna { $column }: { $reason }.
row-reason-missing = vuota, ma obbligatoria
row-reason-not-a-recipient = né un numero da 7 a 15 cifre né un identificativo utente legato all’azienda
row-reason-not-a-user-id = non è un identificativo utente legato all’azienda
row-reason-not-an-instant = né una data con ora e fuso (RFC 3339) né secondi Unix interi
row-reason-not-a-number = non è un numero intero
row-reason-unknown-type = né «template» né «free_form»
row-reason-unknown-status = non è fra «sent», «delivered», «read», «played», «failed»
row-reason-unknown-action = né «opt_in» né «opt_out»
row-reason-unknown-scope = non è fra «marketing», «utility», «authentication», «all»
row-reason-too-long = troppo lunga
row-reason-quoting = virgolette non chiuse o all’interno di un campo
row-reason-field-count = numero di campi diverso da quello dell’intestazione
row-reason-not-an-object = non è un oggetto JSON
row-reason-json-type = né testo, né numero, né null
row-reason-invalid-value = un valore che non si può leggere
row-reason-not-utf-8 = non in UTF-8
error-password-breached = Questa password è nota da una violazione di dati: sceglierne un’altra.
error-code-invalid = Il codice non è valido, è già stato usato o è scaduto: richiederne un altro.
error-second-factor-required = Inserire il codice mostrato dall’app di autenticazione, o un codice di recupero.
error-second-factor-setup-required = Qui il personale accede con un secondo fattore: prima configurarne uno.
error-second-factor-invalid = Il codice non è corretto o è già stato usato: attendere il prossimo.
error-second-factor-exists = L’account ha già un secondo fattore: prima rimuoverlo.
error-overlap-invalid = Il vecchio segreto può restare valido al massimo 30 giorni.
error-assignment-invalid = Solo il personale che non è amministratore può essere limitato a dei clienti, al massimo 500.
