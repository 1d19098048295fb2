# Perché un lavoro su un ticket viene rifiutato: che cosa non va e che cosa fare.

error-appeal-closed = Meta non accetta questo ricorso, o non lo accetta più. Se lo accetta, modifichi prima il termine; altrimenti attenda la fine della restrizione.
error-attempt-unanswered = Registri prima il rifiuto di Meta all’ultima richiesta; solo dopo può seguire un altro tentativo.
error-instant-out-of-order = Questo istante precede ciò a cui segue. Ne indichi uno successivo.
error-original-invalid = Un duplicato indica il ticket che prosegue; con qualsiasi altro esito non ne indichi.
error-ticket-not-found = Il cliente non ha questo ticket.
error-link-refused = Questi due ticket non si possono collegare o scollegare così: guardi i collegamenti esistenti.

error-action-move-refused = L’azione non è nello stato in cui si può fare questo: ne guardi lo stato.
error-action-of-staff = Questa azione spetta al fornitore: solo il suo personale la dichiara fatta.
error-action-without-finding = L’azione non indica alcuna anomalia che una verifica possa cercare. Ne aggiunga una che la indichi, oppure la chiuda con la prova.
error-preview-not-found = Il cliente non ha questa anteprima, oppure essa non esclude liste, modelli o numeri.
error-remedy-not-found = L’anteprima non ha un rimedio per questa regola: non l’ha cercato, oppure niente di ciò che è stato provato la risolve.

action-leave-out = Escludere: { $what }

error-action-not-found = Il ticket non ha questa azione correttiva.
error-submission-not-found = Il ticket non ha questa richiesta.
error-file-name-invalid = Dia al file un nome fatto di lettere o cifre.
error-file-too-large = Il file è troppo grande: si accettano al massimo 25 MB. Lo riduca o lo divida.
error-file-type-refused = I file di questo tipo non si accettano. Invii un PDF, un’immagine, un documento, una tabella, testo semplice, un archivio ZIP o un video MP4.
error-too-many-files = Il ticket ha già 200 file. Ne riunisca alcuni in un archivio.

error-team-not-found = Questo gruppo non esiste.
error-work-name-invalid = Il nome deve avere da 1 a 100 caratteri.
error-work-name-taken = Questo nome è già in uso. Ne scelga un altro.
error-tag-invalid = Un’etichetta ha da 1 a 40 lettere, cifre, trattini o trattini bassi.
error-too-many-tags = Il ticket ha già 20 etichette. Prima ne tolga alcune.
error-place-unknown = «{ $place }» non corrisponde a nulla. Usi ticket.ref, ticket.title, client.name, agent.name o appeal.deadline, fra doppie graffe chiuse.
error-view-invalid = L’elenco è troppo lungo per essere conservato: ne abbrevi il filtro.
error-too-many-views = Sono già conservati 100 elenchi. Prima ne elimini alcuni.
