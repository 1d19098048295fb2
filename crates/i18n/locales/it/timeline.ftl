# Che cosa è successo su un ticket, una frase per ogni voce della cronologia. La maggior parte la leggono i clienti.

event-opened = Il ticket è stato aperto con priorità «{ $priority }».
event-closed = Il ticket è stato chiuso: { $outcome }.
event-reopened = Il ticket è stato riaperto.
event-status = Lo stato è passato da «{ $from }» a «{ $to }».
event-turn = La mano è passata da { $from } a { $to }.
event-priority = La priorità è passata da «{ $from }» a «{ $to }».
event-corrected-title = Il titolo «{ $from }» è diventato «{ $to }».
event-corrected-kind = Il tipo è stato corretto da «{ $from }» a «{ $to }».
event-corrected-level = Il livello è stato corretto da «{ $from }» a «{ $to }».
event-assigned = Il ticket è stato assegnato a { $name }.
event-assigned-somebody = Il ticket è stato assegnato a una persona dello staff.
event-unassigned = Il ticket non è più assegnato a nessuno.
event-team-assigned = Il ticket è stato affidato al gruppo { $name }.
event-team-unassigned = Il ticket non è più affidato a un gruppo.
event-tagged = Etichette aggiunte: { $tags }.
event-untagged = Etichette tolte: { $tags }.
event-watched = { $name } segue il ticket.
event-unwatched = { $name } non segue più il ticket.
event-somebody = Una persona dello staff
event-replied-staff = Il fornitore ha scritto.
event-replied-client = Il cliente ha scritto.
event-noted = È stata scritta una nota per lo staff.
event-submitted = La richiesta è stata presentata a Meta (tentativo { $attempt }, { $channel }).
event-answered = È stata registrata la risposta di Meta: { $outcome }.
event-appeal-yes = Meta ammette un ricorso.
event-appeal-no = Meta non ammette ricorsi.
event-appeal-unknown = Non si sa se Meta ammetta un ricorso.
event-appeal-until = Il termine scade il { $at }.
event-outcome-proposed = Si vede come sarà finito il ticket, salvo conferma di una persona: { $outcome }.
event-linked-related = Collegato al ticket { $reference }.
event-linked-duplicate-of = È un duplicato del ticket { $reference }.
event-linked-duplicate-of-this = Il ticket { $reference } è un duplicato di questo.
event-linked-child-of = È una parte del ticket { $reference }.
event-linked-child-of-this = Il ticket { $reference } è una parte di questo.
event-unlinked = Non più collegato al ticket { $reference }.
event-file-added = È stato aggiunto un file: { $name }.
event-action-added = Da fare a cura di { $owner }: { $title }.
event-action-changed = «{ $title }»: { $state }.
event-action-changed-plain = Un’azione correttiva: { $state }.
event-findings-linked = { $count ->
    [one] È stato allegato come prova un rilievo di un audit.
   *[other] Sono stati allegati come prova { $count } rilievi di un audit.
 }
event-enforcement-linked = Al ticket appartiene un provvedimento comunicato da Meta.
event-deadlines-terms = Le condizioni sono cambiate e le scadenze si sono spostate.
event-deadlines-priority = Con la priorità si sono spostate le scadenze.
event-deadline-moved = «{ $metric }» scade il { $to } anziché il { $from }.
event-deadline-set = «{ $metric }» scade il { $to }.
event-deadline-gone = Per «{ $metric }» non è più promesso nulla.
event-deadline-breached = «{ $metric }» risulta così non rispettato.
event-sla-percent = È usato il { $percent } del tempo per «{ $metric }».
event-sla-before = «{ $metric }» scade fra { $left } di tempo conteggiato.
event-sla-breach = «{ $metric }» non è stato rispettato.
event-sla-after = «{ $metric }» non è rispettato da { $over } di tempo conteggiato.
