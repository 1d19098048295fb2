# Perché l’applicazione rifiuta un dato: che cosa non va e che cosa fare. Le chiavi sono quelle dei codici dell’applicazione.

error-email-invalid = Questo non è un indirizzo e-mail: scriverlo come nome@azienda.example.
error-name-invalid = Il nome deve avere da 1 a 200 caratteri.
error-password-invalid = La password deve avere almeno 12 caratteri e al massimo 256 byte.
error-role-invalid = Qui non si può assegnare questo ruolo: i ruoli dello staff non appartengono a nessun cliente, quelli dei clienti a uno solo, e nessuno assegna più di quanto ha.
error-language-unknown = Questa lingua non è nota: usare «it» o «en».
error-permissions-invalid = Indicare almeno un permesso, solo fra quelli posseduti e, per il token di un cliente, solo fra quelli che un cliente può avere.
error-expiry-in-past = La scadenza è nel passato: sceglierne una successiva.

error-client-not-found = Il cliente non esiste, oppure non è visibile con questo accesso.
error-slug-invalid = Il nome breve deve avere da 1 a 63 caratteri: lettere minuscole, cifre e, all’interno, trattini.
error-slug-taken = Questo nome breve è già in uso. Sceglierne un altro.
error-time-zone-unknown = Questo non è un fuso orario noto. Usare un nome come Europe/Rome.

error-waba-not-found = Il cliente non ha questo account WhatsApp Business.
error-phone-number-not-found = Il cliente non ha questo numero di telefono.
error-template-not-found = Il cliente non ha questo template.
error-meta-id-invalid = L’identificativo presso Meta deve avere da 1 a 32 cifre.
error-meta-id-taken = Questo identificativo di Meta è già registrato.
error-number-invalid = Il numero di telefono deve avere da 7 a 15 cifre, con il prefisso internazionale all’inizio.
error-messaging-limit-invalid = Il limite di messaggi deve essere un numero maggiore di zero.

error-finding-not-found = Il cliente non ha questa segnalazione, oppure le segnalazioni vengono da audit diversi. Indicare segnalazioni di un solo audit.
error-notice-not-found = Il cliente non ha questo avviso di provvedimento.
error-assignee-not-found = Questo membro dello staff non esiste.
error-title-invalid = Il titolo deve avere da 1 a 200 caratteri.
error-text-invalid = Il testo deve avere da 1 a 20.000 caratteri.
error-instant-in-future = Questo istante è nel futuro: indicarne uno già passato.
error-already-answered = La risposta a questo invio è già stata registrata.
error-word-invalid = Qui servono da 1 a 200 caratteri.
error-asset-missing = Indicare l’account o il numero di telefono interessato.

error-local-time-malformed = Questa non è un’ora del giorno: scriverla come 03:30.

error-threshold-unknown = Non esiste una soglia «{ $threshold }». La query «thresholds» le elenca tutte.
error-threshold-kind = «{ $threshold }» richiede un valore di altro tipo: un numero intero per un conteggio, una frazione per una quota, oppure null per annullarlo.
error-threshold-order = «{ $threshold }» starebbe dalla parte sbagliata della linea della gravità inferiore. Cambiarle insieme.
error-threshold-invalid = «{ $threshold }» non può avere questo valore. La query «thresholds» dice quali soglie esistono e i loro limiti.
error-threshold-nothing = Non cambierebbe nulla: questi valori sono già in vigore.
error-threshold-reason = Indicare in 1-{ $maximum } caratteri da dove vengono i valori.
error-threshold-past = Le soglie non si possono impostare per il passato: gli audit sono stati eseguiti con quelle di allora.
error-threshold-before-latest = È già stata impostata una versione successiva. Scegliere un istante non anteriore ad essa.
error-audit-not-completed = L’audit non ha ancora un risultato, o non l’ha mai avuto. Attendere che finisca, o richiederne un altro.
error-audit-not-removable = Si possono escludere solo liste, template (nome/lingua) e numeri (id di Meta), al massimo 100.

error-export-reason = Indicare in 1-{ $maximum } caratteri perché i destinatari vanno mostrati in chiaro; il motivo viene registrato con il nome di chi lo chiede.
error-export-not-ready = Il file non c’è ancora, o non è stato possibile scriverlo. Controllare lo stato dell’esportazione.
error-export-expired = Il file è stato eliminato. Richiederne uno nuovo.
