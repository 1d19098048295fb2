# Parole per stati e tipi: <gruppo>-<valore>, il valore come è memorizzato, in minuscolo e con i trattini.

severity-info = Nota
severity-low = Bassa
severity-medium = Media
severity-high = Alta
severity-critical = Critica

rule-state-finding = Trovato qualcosa
rule-state-clear = Controllato, niente da segnalare
rule-state-insufficient-data = Dati insufficienti per giudicare
rule-state-not-fed = Non controllato: mancano i dati necessari

verdict-valid = Consenso valido
verdict-opted-out = Consenso revocato
verdict-expired = Consenso scaduto
verdict-retroactive = Registrato dopo il messaggio
verdict-scope-mismatch = Consenso per un’altra finalità
verdict-none = Nessun consenso

category-marketing = Marketing
category-utility = Utility
category-authentication = Autenticazione
category-service = Servizio
category-unknown = Sconosciuta

role-bsp-admin = Amministratore (fornitore)
role-support-agent = Assistenza
role-analyst = Analista
role-auditor = Revisore
role-client-admin = Amministratore (cliente)
role-client-developer = Sviluppatore (cliente)
role-client-viewer = Sola lettura (cliente)

import-kind-messages = Messaggi inviati
import-kind-inbound = Messaggi ricevuti
import-kind-consents = Consensi
import-kind-templates = Modelli
import-kind-assets = Dati dichiarati

import-state-running = In lettura
import-state-completed = Completata
import-state-failed = Non riuscita; non è stato importato nulla

import-failure-unusable = Il file non è utilizzabile
import-failure-cancelled = Interrotta
import-failure-abandoned = Il processo che leggeva il file si è fermato; importarlo di nuovo
import-failure-overtaken = Lo stesso file è stato importato nel frattempo
import-failure-storage = Il servizio non ha potuto salvare le righe; importare di nuovo il file

job-state-queued = In attesa
job-state-running = In corso
job-state-retry = Non riuscito, sarà ritentato
job-state-succeeded = Completato
job-state-dead = Non riuscito
job-state-cancelled = Annullato
