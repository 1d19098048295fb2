# Perché un lavoro su un ticket viene rifiutato: che cosa non va e che cosa fare.

error-appeal-closed = Meta non accetta questo ricorso, o non lo accetta più. Se lo accetta, modifichi prima il termine; altrimenti attenda la fine della restrizione.
error-attempt-unanswered = Registri prima il rifiuto di Meta all’ultima richiesta; solo dopo può seguire un altro tentativo.
error-instant-out-of-order = Questo istante precede ciò a cui segue. Ne indichi uno successivo.
error-original-invalid = Un duplicato indica il ticket che prosegue; con qualsiasi altro esito non ne indichi.
error-ticket-not-found = Il cliente non ha questo ticket.
error-link-refused = Questi due ticket non si possono collegare o scollegare così: guardi i collegamenti esistenti.
