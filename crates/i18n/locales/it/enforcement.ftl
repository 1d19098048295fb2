# Provvedimenti di Meta. Perché un episodio risulta arrivato a un gradino della scala di Meta: $sign è la parola di Meta.

stage-warning-reason = Meta ha segnalato una violazione ({ $sign }) senza togliere nulla.
stage-limited-reason = Meta ha limitato qualcosa che non è l’invio di messaggi ({ $sign }).
stage-short-block-reason = Meta ha bloccato per un periodo i messaggi avviati dall’azienda ({ $sign }).
stage-full-block-reason = Meta ha bloccato per un periodo tutti i messaggi, anche le risposte ({ $sign }).
stage-locked-reason = Meta ha bloccato i messaggi senza scadenza ({ $sign }): solo un ricorso toglie il blocco.
stage-disable-scheduled-reason = Meta ha annunciato il giorno in cui l’account sarà disattivato ({ $sign }).
stage-disabled-reason = Meta ha disattivato l’account ({ $sign }).
stage-offboarded-reason = Meta ha escluso l’account dalla piattaforma ({ $sign }).

error-stop-word-invalid = Una parola di stop ha da 1 a 40 caratteri.
error-stop-words-too-many = Le parole di stop possono essere al massimo 100.
