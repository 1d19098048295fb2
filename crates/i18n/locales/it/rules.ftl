# Regole di rilevamento. Per ciascuna: -name, -finding (una frase con le cifre), -remedy (azioni correttive, una per riga, in ordine).
# Variabili di -finding: $subject (testo), $messages, $recipients (quantità) e, per nome, le cifre dei rilievi della regola.
# Le soglie sono di Sblocco salvo diversa indicazione: mai attribuire a Meta un numero che Meta non ha pubblicato.

# How many places of a template a finding names.
n-places = { $places ->
    [one] 1 punto
   *[other] { $places } punti
}
n-format-faults = { $places ->
    [one] 1 errore di formato
   *[other] { $places } errori di formato
}
n-variable-signs = { $places ->
    [one] 1 segno
   *[other] { $places } segni
}
n-odd-links = { $places ->
    [one] 1 link che nasconde dove porta o che porta a un altro dominio
   *[other] { $places } link che nascondono dove portano o che portano ad altri domini
}

rule-finding-plain = { $subject }: { n-messages } a { n-recipients }.

rule-con-01-name = Nessun consenso registrato
rule-con-01-finding = { $subject }: { n-messages } a { n-recipients } senza alcun consenso registrato, pari al { $share } dei messaggi che lo richiedevano.
rule-con-01-remedy =
    Sospendere subito gli invii a queste persone e bloccare la lista finché non se ne conosce la provenienza.
    Cercare la prova: il modulo, l’ordine o il documento cartaceo con cui le persone hanno acconsentito, con la data e il testo che hanno letto. Importare ciò che si trova con le date reali; una prova successiva ai messaggi viene segnalata come tale.
    Chi resta senza prova esce dalla lista. Il consenso si può chiedere di nuovo solo attraverso un canale per il quale esiste già, mai con un altro modello alle stesse persone.
    Fare in modo che il sistema di invio rifiuti ogni destinatario il cui consenso non è nel registro.

rule-con-02-name = Messaggi dopo la revoca del consenso
rule-con-02-finding = { $subject }: { n-messages } a { n-recipients } dopo la richiesta di non riceverne più.
rule-con-02-remedy =
    Escludere subito queste persone da tutte le liste e da tutte le campagne.
    Individuare la strada che ha aggirato l’elenco delle esclusioni: un secondo sistema, un file esportato prima della revoca, una campagna già in coda.
    Controllare le esclusioni al momento dell’invio, non quando si prepara la lista.
    Confermare a ciascuno, una sola volta e nel canale che ha usato, che non riceverà altri messaggi.

rule-con-03-name = Consenso dato per un’altra finalità
rule-con-03-finding = { $subject }: { n-messages } a { n-recipients } per una finalità che il consenso non copre.
rule-con-03-remedy =
    Sospendere questo tipo di messaggi verso queste persone; può continuare ciò che hanno accettato.
    Raccogliere a parte il consenso al marketing, con un testo che dica che cosa verrà inviato e da chi.
    Usare un modello «utility» solo se il contenuto lo è davvero: dà seguito a una richiesta della persona e non promuove nulla.

rule-con-04-name = Prova del consenso incompleta
rule-con-04-finding = { $subject }: { n-messages } a { n-recipients } si basano su consensi senza origine, prova o versione del testo, pari al { $share } dei messaggi con consenso valido.
rule-con-04-remedy =
    Elencare i consensi a cui manca un campo, raggruppati per importazione.
    Completare ciò che manca: dove la persona ha acconsentito (origine), dove è conservata la prova, quale testo ha letto (versione).
    Rendere obbligatori i tre campi nel punto di raccolta, perché la lacuna non si riformi.

rule-con-05-name = Testo del consenso insufficiente
rule-con-05-finding = { $subject } non indica l’impresa oppure non dice che la persona accetta di ricevere messaggi; vi si basano { n-messages } a { n-recipients }.
rule-con-05-remedy =
    Riscrivere il testo: indica l’impresa con il nome con cui è conosciuta e dice che la persona accetta di ricevere i suoi messaggi su WhatsApp.
    Dare al nuovo testo una versione propria e d’ora in poi conservarla con ogni consenso.
    I consensi dati con il vecchio testo valgono solo se un’altra informativa, mostrata nello stesso momento, prova chi ha chiesto e che cosa: allegarla.
    Chiedere di nuovo agli altri, in un canale per il quale il consenso esiste.

rule-con-06-name = Consenso scaduto o troppo vecchio
rule-con-06-finding = { $subject }: { n-messages } a { n-recipients } si basano su un consenso scaduto ({ $expired }) o non confermato da { $staleDays } giorni ({ $stale }).
rule-con-06-remedy =
    Sospendere il marketing verso chi ha il consenso scaduto, finché non acconsente di nuovo.
    Chiedere agli altri di confermare, cominciando da chi legge e scrive, con un messaggio che possono ricevere.
    Registrare per ogni consenso quando finisce e farlo controllare dal sistema al momento dell’invio.

rule-con-07-name = Consenso registrato dopo i messaggi
rule-con-07-finding = { $subject }: { n-messages } a { n-recipients } prima che il consenso fosse registrato, pari al { $share } dei messaggi che lo richiedevano.
rule-con-07-remedy =
    Spiegare da dove vengono questi consensi e allegare il documento originale che mostra la data in cui la persona ha acconsentito.
    Far confrontare un campione con gli originali da qualcuno che non li ha importati.
    Ciò che non si può dimostrare vale come consenso assente: escludere quelle persone.
    Registrare i consensi quando vengono dati, tramite un’interfaccia e non con un file a posteriori.

rule-con-08-name = Consensi registrati in blocco
rule-con-08-finding = { $subject }: { n-recipients } con consensi registrati insieme: { $atOneMoment } condividono con molti altri l’istante, { $fromOneAddress } l’indirizzo. Il gruppo più numeroso ne conta { $largest }.
rule-con-08-remedy =
    Chiedere da dove vengono questi consensi: un modulo dà a ciascuno il proprio istante, un file dà a tutti lo stesso.
    Correggere gli orari in base agli originali e allegare gli originali come prova.
    Ciò che non si può dimostrare persona per persona vale come consenso assente: escludere quelle persone.
    Se molti consensi vengono da un solo indirizzo, proteggere il modulo dai programmi che lo compilano.

rule-con-09-name = Consenso raccolto da altri
rule-con-09-finding = { $subject }: { n-messages } a { n-recipients } si basano su un consenso raccolto da altri, pari al { $share } dei messaggi con consenso valido.
rule-con-09-remedy =
    Togliere queste persone dalla lista: il consenso vale per l’impresa che lo ha chiesto e non si può cedere.
    Un avviso successivo non vi rimedia. Chiedere il consenso solo in un canale in cui queste persone hanno già un rapporto con l’impresa.
    Raccogliere i consensi con il nome che la persona vedrà su WhatsApp e conservarlo insieme al consenso.

rule-con-10-name = Copertura dei consensi bassa o in calo
rule-con-10-finding = { $subject }: nei giorni peggiori solo il { $coverage } dei messaggi che lo richiedevano aveva un consenso valido; in tutto il periodo ne erano privi { n-messages } a { n-recipients }.
rule-con-10-remedy =
    Individuare la lista o l’integrazione che ha cominciato a scrivere senza consenso: le liste sono indicate nel rilievo.
    Fermare quella via finché ogni destinatario non viene controllato nel registro prima dell’invio.
    Osservare la copertura ogni giorno, per vedere il prossimo calo prima di Meta.

rule-tpl-01-name = Modello con troppi errori
rule-tpl-01-finding = { $subject }: { n-messages } non riusciti per cause legate al modello, pari al { $rate } dei suoi invii, contro il { $baseRate } degli altri modelli del cliente.
rule-tpl-01-remedy =
    Sospendere il modello finché la causa non è risolta: ogni nuovo errore pesa anche sul numero.
    Partire dal codice di errore più frequente e confrontare una richiesta fallita con il modello approvato: numero, ordine e formato dei parametri, lingua, contenuto dell’intestazione.
    Correggere il programma o il modello, inviare un piccolo lotto e verificarne l’esito prima di proseguire.
    Se Meta ha messo in pausa o disattivato il modello, non ripresentare lo stesso testo: prima va cambiato ciò che le persone hanno contestato.

rule-win-01-name = Testo libero fuori dalla finestra di 24 ore
rule-win-01-finding = { $subject }: { n-messages } di testo libero a { n-recipients } che non avevano scritto nelle 24 ore precedenti.
rule-win-01-remedy =
    Fare in modo che il sistema di invio rifiuti il testo libero quando sono passate 24 ore dall’ultimo messaggio della persona.
    Per scrivere per primi usare un modello approvato; se la finalità lo richiede, serve il consenso.
    Individuare gli operatori, i bot o i programmi che hanno inviato questi messaggi e mostrare loro il tempo che resta nella finestra.

rule-vol-01-name = Picco giornaliero
rule-vol-01-finding = { $subject }: { n-messages } consegnati in un giorno, contro i circa { $expected } attesi.
rule-vol-01-remedy =
    Verificare se era una campagna prevista. In tal caso dichiarare in anticipo le prossime e distribuirle su più giorni.
    Se nessuno l’aveva prevista, revocare le chiavi di accesso del numero e cercare una chiave sottratta o un programma in ciclo.
    Mantenere nei giorni seguenti il volume abituale finché la valutazione della qualità non risulta stabile.

rule-vol-04-name = Troppi messaggi alla stessa persona
rule-vol-04-finding = { $subject }: { n-recipients } con messaggi troppo ravvicinati; { $dayMessages } messaggi di marketing erano almeno il quarto in 24 ore, { $weekMessages } almeno il settimo in 7 giorni e { $pairLimitMessages } sono stati rifiutati con il codice 131056.
rule-vol-04-remedy =
    Fissare un tetto ai messaggi di marketing per persona, su tutti i numeri e tutte le campagne insieme.
    Unire le campagne che si sovrappongono ed escludere chi ha appena ricevuto un messaggio.
    Cominciare dalle persone del campione: sono quelle che più facilmente bloccheranno o segnaleranno il numero.

rule-vol-05-name = Nuovi tentativi inutili
rule-vol-05-finding = { $subject }: { n-messages } a { n-recipients } hanno ripetuto più volte lo stesso modello entro 24 ore da errori che la ripetizione non risolve.
rule-vol-05-remedy =
    Disattivare i tentativi automatici per i codici 131026, 131047 e 131049.
    Dopo 131049 (Meta ha scelto di non consegnare) attendere almeno 24 ore, come chiede Meta; dopo 131026 (non consegnabile) escludere il numero; dopo 131047 (finestra chiusa) usare un modello.
    Riservare i nuovi tentativi, con pause crescenti, ai soli guasti della piattaforma.

rule-lim-01-name = Vicini al limite di messaggistica
rule-lim-01-finding = { $subject }: { n-recipients } in 24 ore, pari al { $used } del limite di messaggistica di { $limit }.
rule-lim-01-remedy =
    Tenere una riserva per i messaggi che non possono aspettare, come i codici e gli avvisi di consegna, e pianificare le campagne entro il resto.
    Dividere le campagne grandi su più giorni: il limite conta le persone diverse in 24 ore mobili, per tutti i numeri del portfolio insieme.
    Altri numeri non danno altro margine. Il limite cresce con una buona qualità e un uso regolare.

rule-eng-01-name = Modello poco letto
rule-eng-01-finding = { $subject }: letto dal { $rate } di chi lo ha ricevuto, contro il { $baseRate } degli altri messaggi del cliente della stessa categoria; { n-messages } non letti.
rule-eng-01-remedy =
    Inviarlo solo a chi di recente ha letto o scritto, e confrontare.
    Dire nella prima riga a che cosa serve il messaggio e da chi viene: è ciò che si vede nella notifica.
    Cambiare una cosa alla volta, fra orario, pubblico e testo, e tenere ciò che viene letto di più.
    Molte consegne e poche letture abbassano col tempo la valutazione della qualità: se nulla aiuta, sospendere il modello.

rule-eng-02-name = Molte richieste di non ricevere più messaggi
rule-eng-02-finding = { $subject }: il { $rate } delle persone raggiunte ha chiesto di non ricevere più messaggi.
rule-eng-02-remedy =
    Fermare la campagna per chi non è ancora stato contattato.
    Guardare da quali liste vengono le richieste ed escludere quelle liste finché la provenienza non è chiara.
    Prima della prossima campagna cambiare una cosa alla volta, fra pubblico, frequenza e contenuto, e provarla su un gruppo ristretto.
    Offrire l’uscita in ogni messaggio di marketing: una richiesta di cancellazione costa meno di un blocco.

rule-eng-03-name = Marketing trattenuto da Meta
rule-eng-03-finding = { $subject }: nei giorni peggiori Meta ha scelto di non consegnare il { $share } del marketing; in tutto il periodo { n-messages } a { n-recipients }.
rule-eng-03-remedy =
    Non ritentare subito: attendere almeno 24 ore, come chiede Meta, e lasciar perdere ciò che allora non serve più.
    Inviare meno marketing, a persone che di recente hanno letto o scritto. Il limite vale per persona e per tutte le imprese insieme.
    Guardare quali liste e quali modelli raccolgono la maggior parte di questi rifiuti e cominciare da quelli.

rule-lst-01-name = Invii a numeri notoriamente non raggiungibili
rule-lst-01-finding = { $subject }: { n-messages } a { n-recipients } il cui numero era già risultato non raggiungibile in due giorni diversi.
rule-lst-01-remedy =
    Escludere un numero dopo il secondo giorno in cui non è raggiungibile e riammetterlo da sé quando la persona scrive.
    Togliere questi numeri dall’origine della lista, non solo dalla lista.
    Verificare se sono numeri fissi, disattivati o non presenti su WhatsApp.

rule-lst-02-name = Lista con molti numeri non raggiungibili
rule-lst-02-finding = { $subject }: { n-messages } non consegnabili, pari al { $share } degli invii alla lista.
rule-lst-02-remedy =
    Non usare la lista finché non si sa da dove viene e quanto è vecchia.
    Togliere i numeri non riusciti, poi inviare a una piccola parte dei rimanenti e confrontare.
    Dove si raccolgono i numeri, farli confermare con un codice: così non entrano errori di battitura e numeri inventati.

rule-lst-03-name = Lista difettosa
rule-lst-03-finding = { $subject }: { $failures } messaggi non riusciti a causa della persona e { $stops } richieste di non ricevere più messaggi, molti più che in tutte le altre liste.
rule-lst-03-remedy =
    Non usare la lista finché non si sa da dove viene e quando è stata raccolta.
    Confrontare le sue persone con il registro: esce chi non ha mai acconsentito ed esce chi non è raggiungibile.
    Inviare prima a una piccola parte di chi rimane, e proseguire solo se si comporta come le altre liste.
    Farsi mostrare da chi fornisce le liste come ciascuna persona ha acconsentito.

rule-lst-04-name = Lista da ripulire
rule-lst-04-finding = { $subject }: { $impossible } messaggi a numeri che non possono esistere, { $fixedLines } a numeri fissi, { $duplicates } inviati due volte.
rule-lst-04-remedy =
    Togliere i numeri troppo lunghi, troppo corti o di nessun paese, e i numeri fissi che non sono su WhatsApp.
    Unire le voci con lo stesso numero prima di una campagna, fra tutte le liste che essa usa.
    Controllare i numeri dove vengono scritti: paese, lunghezza e un codice che li confermi.

rule-lst-05-name = Pubblico che non risponde più
rule-lst-05-finding = { $subject }: { n-recipients } hanno ricevuto almeno cinque messaggi di marketing senza leggerne alcuno né mai scrivere, pari al { $share } di chi ne ha ricevuti altrettanti.
rule-lst-05-remedy =
    Scrivere a queste persone più di rado, poi un’ultima volta per chiedere se vogliono restare, poi non più.
    Cominciare la prossima campagna da chi negli ultimi mesi ha letto o scritto.
    Stabilire una regola di uscita: dopo quanti messaggi non letti una persona lascia la lista.

rule-tpl-02-name = Invii con un modello in pausa o disattivato
rule-tpl-02-finding = { $subject }: { n-messages } a { n-recipients } mentre Meta teneva il modello in pausa o disattivato.
rule-tpl-02-remedy =
    Fermare subito la campagna: ciò che viene rifiutato non raggiunge nessuno, e insistere attira l’attenzione.
    Far leggere al sistema di invio lo stato del modello prima di ogni lotto e trattenere il lotto se non è approvato.
    La prima pausa finisce da sé dopo 3 ore, la seconda dopo 6; usare il tempo per cambiare ciò che le persone hanno contestato.
    Un modello disattivato non torna: non ripresentare lo stesso testo con un altro nome.

rule-tpl-03-name = Modello a rischio di disattivazione
rule-tpl-03-finding = { $subject }: messo in pausa { $pauses ->
    [one] una volta
   *[other] { $pauses } volte
} da quando esiste. Alla terza pausa Meta disattiva il modello.
rule-tpl-03-remedy =
    Cambiare prima di tutto il pubblico: inviare solo a chi di recente ha letto o scritto.
    Dopo la seconda pausa ritirare il testo e scriverne uno che dica subito chi scrive e perché.
    Prima del prossimo invio guardare in WhatsApp Manager i motivi per cui le persone hanno bloccato.

rule-tpl-04-name = Modello con qualità bassa
rule-tpl-04-finding = { $subject }: qualità YELLOW per { $yellowDays } giorni e RED per { $redDays } giorni.
rule-tpl-04-remedy =
    Con RED fermare tutto il marketing con questo modello; con YELLOW inviare la metà del volume abituale finché non torna GREEN.
    Guardare a quali liste è andato ed escludere quelle le cui persone non leggono e non scrivono.
    Confrontare il testo con i motivi di blocco indicati dalle persone: troppo spesso, non richiesto, non capito.

rule-tpl-06-name = Modello «utility» che per Meta è marketing
rule-tpl-06-finding = { $subject }: spostato da Meta da «utility» a marketing. Modelli così nel periodo: { $flips }.
rule-tpl-06-remedy =
    Rivedere i modelli che gli somigliano e presentare come marketing quelli che promuovono qualcosa.
    Chiedere a Meta una revisione, entro 60 giorni, solo per i modelli che danno seguito a una richiesta della persona e basta.
    Separare ciò che era mescolato: un modello con l’avviso, un altro con l’offerta, ciascuno nella sua categoria.
    Meta limita i messaggi «utility» degli account che continuano così: fermarsi prima.

rule-tpl-09-name = Modello compilato in modo errato
rule-tpl-09-finding = { $subject }: { n-messages } rifiutati per il numero o il formato dei parametri, pari al { $share } dei suoi invii.
rule-tpl-09-remedy =
    Confrontare una richiesta rifiutata con il modello approvato: quanti parametri, in quale ordine, di quale tipo.
    Cercare valori vuoti, interruzioni di riga e più di quattro spazi di seguito, che Meta rifiuta nei parametri.
    Controllare i parametri prima dell’invio, rispetto al modello come Meta lo restituisce ora.

rule-win-02-name = Orologi in disaccordo sulla finestra
rule-win-02-finding = { $subject }: su { n-messages } di testo libero il nostro orologio e quello di Meta non concordano sulla finestra di 24 ore, pari al { $share } di quelli con una risposta.
rule-win-02-remedy =
    Cercare messaggi in arrivo mai ricevuti: confrontare gli orari dei disaccordi con le interruzioni dei webhook.
    Usare l’orario del messaggio dato da Meta, mai quello di ricezione, e controllare l’orologio del sistema di invio.
    Se il numero è stato migrato di recente, verificare se le conversazioni precedenti sono passate con esso.

rule-win-03-name = Marketing nella finestra senza consenso
rule-win-03-finding = { $subject }: { n-messages } di marketing a { n-recipients } che avevano scritto ma di cui non c’è alcun consenso registrato.
rule-win-03-remedy =
    Rispondere a ciò che le persone chiedono: una domanda non è una richiesta di pubblicità.
    Chiedere nella conversazione se la persona desidera offerte e registrare la risposta con il testo mostrato.
    Far controllare alle campagne il consenso per ogni messaggio di marketing, che la finestra sia aperta o no.

rule-vol-03-name = Campagna non dichiarata
rule-vol-03-finding = { $subject }: { $busiest } invii in { $minutes } minuti senza una campagna dichiarata.
rule-vol-03-remedy =
    Chiedere chi l’ha avviata. Se era prevista, dichiarare in anticipo la prossima, con modello, numero, inizio e dimensione.
    Conoscendo il piano, il limite di messaggistica e la crescita si possono controllare prima di inviare.
    Se nessuno l’aveva prevista, cercare un programma in ciclo o una chiave di accesso sottratta.

rule-wrm-01-name = Numero nuovo che cresce troppo in fretta
rule-wrm-01-finding = { $subject }: { $day } messaggi consegnati in un giorno, dopo al massimo { $before } nei giorni precedenti; il numero era in uso { $age ->
    [one] da un giorno
   *[other] da { $age } giorni
}.
rule-wrm-01-remedy =
    Tornare al volume dei giorni precedenti e farlo crescere al più del doppio da un giorno all’altro.
    Cominciare da chi ha scritto per primo o ha comprato di recente, e passare agli altri quando la qualità è nota.
    Pianificare i prossimi sette giorni con una quantità per ciascuno e trattenere ciò che la supera.

rule-wrm-02-name = Numero nuovo che comincia dagli sconosciuti
rule-wrm-02-finding = { $subject }: { n-recipients } senza messaggi scritti né comunicazioni su acquisti nei 90 giorni precedenti, pari al { $share } delle persone raggiunte dal numero nuovo.
rule-wrm-02-remedy =
    Scrivere prima a chi conosce l’azienda: chi ha scritto, ordinato o chiesto nelle ultime settimane.
    Lasciare da parte le vecchie liste finché il numero non ha una valutazione, poi aggiungerle a piccole parti.
    Dire nel primo messaggio chi scrive, da quale numero d’ora in poi e come smettere.

rule-wrm-03-name = Marketing prima che la qualità sia nota
rule-wrm-03-finding = { $subject }: { n-messages } di marketing con modelli non ancora valutati da Meta, pari al { $share } di ciò che il numero nuovo ha inviato.
rule-wrm-03-remedy =
    Inviare una prova di circa 100 messaggi a chi più probabilmente legge e attendere la valutazione.
    Usare il numero nuovo prima per messaggi attesi: conferme, avvisi, risposte.
    Aggiungere il marketing solo finché numero e modello sono GREEN.

rule-wrm-06-name = Pieno volume subito dopo un blocco
rule-wrm-06-finding = { $subject }: { $day } messaggi consegnati in un giorno poco dopo la fine di un blocco, pari al { $share } del giorno abituale di prima.
rule-wrm-06-remedy =
    Non fare invii di massa per sette giorni dopo un blocco: rispondere alle persone e inviare ciò che aspettano.
    Poi crescere a gradini, partendo da chi è coinvolto, e guardare la qualità ogni giorno.
    Assicurarsi che la causa del blocco non ci sia più: il secondo dura più a lungo.

rule-lim-02-name = Campagna oltre il limite di messaggistica
rule-lim-02-finding = { $subject }: verrebbero raggiunte { $reached } persone in 24 ore, { $excess } oltre il limite di { $limit }.
rule-lim-02-remedy =
    Dividere la campagna su tutti i giorni che servono, lasciando una riserva per i messaggi che non possono aspettare.
    Inviare prima a chi più probabilmente legge; gli altri possono seguire quando le 24 ore sono passate.
    Altri numeri dello stesso portfolio condividono il limite e non aiutano.

rule-lim-03-name = Limite di messaggistica ridotto
rule-lim-03-finding = { $subject }: Meta ha ridotto il limite di messaggistica a { $limit } persone in 24 ore.
rule-lim-03-remedy =
    Ripianificare le campagne dei prossimi giorni entro il nuovo limite.
    Cercare la causa nelle valutazioni della qualità, nelle violazioni e nelle restrizioni degli stessi giorni.
    Mantenere alta la qualità e usare almeno metà del limite per una settimana: poi cresce di nuovo da sé.

rule-lim-04-name = Aumento del limite negato
rule-lim-04-finding = { $subject }: Meta ha rinviato o negato { $times ->
    [one] una volta
   *[other] { $times } volte
} un limite di messaggistica più alto.
rule-lim-04-remedy =
    Leggere in Business Manager che cosa chiede Meta e rispondere in modo completo.
    Concludere la verifica dell’azienda, se è ancora aperta.
    Se Meta non indica un motivo, migliorare prima la qualità: meno messaggi, a chi se li aspetta.

rule-lim-05-name = Più veloce di quanto consentito
rule-lim-05-finding = { $subject }: { n-messages } rifiutati con il codice 130429, pari al { $share } degli invii del numero.
rule-lim-05-remedy =
    Mettere davanti all’interfaccia una coda che rispetti la velocità del numero e, dopo un rifiuto, attenda con pause crescenti.
    Distribuire le campagne grandi su più tempo, o sui numeri che hanno spazio.
    Inviare di nuovo ciò che è stato rifiutato: non ha raggiunto nessuno.

rule-qlt-01-name = Qualità di un numero in calo
rule-qlt-01-finding = { $subject }: valutato basso da Meta per { $days } giorni.
rule-qlt-01-remedy =
    Fermare per sette giorni il marketing da questo numero: la valutazione guarda a quel periodo.
    Trovare la campagna e la lista dopo le quali è sceso ed escluderle.
    Offrire in ogni messaggio un modo per smettere e rispettarlo subito: chi può andarsene non blocca.

rule-enf-01-name = Violazione notificata
rule-enf-01-finding = { $subject }: notificata da Meta { $times ->
    [one] una volta
   *[other] { $times } volte
}.
rule-enf-01-remedy =
    Aprire un ticket e leggere l’avviso in Qualità dell’account: quale risorsa, quali messaggi, fino a quando è possibile il ricorso.
    Fermare oggi stesso ciò di cui parla l’avviso, prima di ogni spiegazione.
    Raccogliere le prove richieste, con le date, e fare ricorso solo quando ciò che non andava è stato corretto.

rule-enf-02-name = Restrizione imposta
rule-enf-02-finding = { $subject }: imposta da Meta { $times ->
    [one] una volta
   *[other] { $times } volte
}.
rule-enf-02-remedy =
    Fermare fino alla scadenza tutti gli invii che la restrizione riguarda: ogni altro tentativo resta registrato.
    Preparare il fascicolo: che cosa è stato inviato, a chi, con quale consenso, e che cosa è stato corretto.
    Dire in azienda quali messaggi non partono e per quale altro canale possono passare.
    Chiedere una revisione dove Meta la offre, una sola volta.

rule-enf-03-name = Invii nonostante una restrizione
rule-enf-03-finding = { $subject }: { n-messages } a { n-recipients } tentati dopo il divieto di Meta.
rule-enf-03-remedy =
    Fermare subito il sistema di invio per questi messaggi, con un solo interruttore per tutte le campagne e i programmi.
    Capire perché l’avviso non è arrivato al sistema di invio e collegare i due.
    Non mettere nulla in coda per il giorno in cui la restrizione finisce: partirebbe tutto insieme.

rule-enf-04-name = Account da disattivare
rule-enf-04-finding = { $subject }: Meta ha fissato un giorno per disattivare l’account, o lo ha già disattivato.
rule-enf-04-remedy =
    Fare ricorso prima del giorno indicato da Meta: dopo si può fare molto meno.
    Fermare tutto il marketing finché non è deciso.
    Preparare una strada senza WhatsApp per i messaggi su cui le persone contano, come codici e avvisi di consegna.

rule-enf-05-name = La stessa violazione di nuovo
rule-enf-05-finding = { $subject }: tornata { $repeats ->
    [one] una volta
   *[other] { $repeats } volte
}, { $daysSince } giorni dopo la fine della precedente.
rule-enf-05-remedy =
    Riaprire l’ultimo ticket: la correzione di allora non ha retto.
    Cercare la strada per cui è tornata la vecchia abitudine: un secondo sistema, una vecchia lista, un partner.
    Far verificare l’azione correttiva da qualcun altro, con una verifica del traffico, prima del prossimo ricorso.

rule-ops-01-name = Nessuna notizia dei messaggi inviati
rule-ops-01-finding = { $subject }: { n-messages } in { $minutes } minuti di cui non si è saputo nulla.
rule-ops-01-remedy =
    Controllare l’iscrizione ai webhook e le risposte che Meta riceve: solo 200 vale come ricevuto.
    Meta riprova per sette giorni al massimo: ciò che deve ancora arrivare può completare la verifica.
    Fino ad allora leggere come incomplete le cifre di questo periodo, soprattutto gli errori.

rule-qlt-02-name = Rischio di blocco
rule-qlt-02-finding = { $subject }: rischio di almeno { $score } punti su 100.
rule-qlt-02-remedy =
    Cominciare dalle regole indicate sotto: sono quelle che pesano di più.
    Correggere ciò che è CRITICAL prima della prossima campagna, perché su questo Meta interviene.
    Dare alla verifica ciò che le manca (consensi, modelli, eventi di Meta): ciò che non si conosce non aggiunge nulla, e il rischio può essere più alto.
rule-lst-06-name = Persone escluse presso il fornitore precedente
rule-lst-06-finding = { $subject }: { n-messages } a { n-recipients } che erano nell’elenco delle esclusioni del fornitore precedente.
rule-lst-06-remedy =
    Fermare subito ogni messaggio a queste persone.
    Importare nel registro come revoche le esclusioni del fornitore precedente, con le date di cui dispone.
    A ogni cambio di fornitore trasferire prima le esclusioni e poi le liste.
    Se una persona ha acconsentito di nuovo in seguito, registrarne la prova prima di scriverle.

rule-lst-07-name = Marketing verso gli Stati Uniti
rule-lst-07-finding = { $subject }: { n-messages } di marketing a { n-recipients } con numeri degli Stati Uniti, dove al momento Meta non consegna modelli di marketing.
rule-lst-07-remedy =
    Togliere i numeri degli Stati Uniti dalle campagne di marketing: gli errori pesano sul modello e sul numero.
    Raggiungere queste persone con un altro canale per il quale hanno acconsentito.
    I messaggi di utilità e di autenticazione non sono interessati.

rule-vol-07-name = Marketing nelle ore di riposo
rule-vol-07-finding = { $subject }: { n-messages } di marketing a { n-recipients } arrivati prima delle 8 o dopo le 21 nel loro Paese, pari al { $share } del marketing.
rule-vol-07-remedy =
    Pianificare le campagne secondo l’ora della persona, non dell’ufficio: la dice il Paese del numero.
    Trattenere fino al mattino ciò che è pronto troppo tardi, ed escludere ciò che allora non è più vero.
    Cercare i programmi che inviano di notte perché è allora che girano.

rule-con-11-name = Revoca non offerta
rule-con-11-finding = { $subject }: { n-messages } promozionali a { n-recipients } senza dire come non riceverne altri.
rule-con-11-remedy =
    Aggiungere una risposta rapida che interrompa le promozioni, nella lingua del modello.
    Se non c’è posto per un pulsante, dire nel piè di pagina con quale parola rispondere.
    Fare in modo che la risposta escluda subito la persona, in ogni sistema che invia.

rule-tpl-05-name = Modello «utility» che sembra marketing
rule-tpl-05-finding = { $subject }: { n-messages } a { n-recipients } inviati come «utility», con { $signals } segni di marketing nel testo.
rule-tpl-05-remedy =
    Dividerlo: un modello «utility» che dica solo ciò che la persona ha chiesto o deve sapere, e un modello di marketing per il resto.
    Inviare la parte di marketing solo a chi ha dato il consenso al marketing.
    Nominare l’ordine, la prenotazione o la richiesta di cui si parla.
    Non ripresentare lo stesso testo come «utility»: l’uso scorretto ripetuto della categoria fa perdere il diritto di inviare modelli «utility».

rule-tpl-07-name = Formato di un modello
rule-tpl-07-finding = { $subject }: { n-messages } a { n-recipients }, e { n-format-faults } nel modello.
rule-tpl-07-remedy =
    Correggere ciò che è segnato: lunghezze, ordine ed esempi delle variabili, pulsanti.
    Controllare i nuovi modelli prima di presentarli, così che le revisioni non si perdano in errori di forma.
    Confrontare un messaggio inviato con il modello: una variabile fuori posto si vede spesso in ciò che le persone leggono.

rule-tpl-08-name = Variabili al posto di interi testi
rule-tpl-08-finding = { $subject }: { n-messages } a { n-recipients }, e { n-variable-signs } che le variabili stanno al posto di interi testi.
rule-tpl-08-remedy =
    Scrivere il testo nel modello e tenere le variabili per nomi, numeri e date.
    Dove più messaggi condividono un modello, farne uno per ciascuno.
    Dare esempi che somiglino a ciò che verrà inviato.

rule-tpl-10-name = Link abbreviato o esterno
rule-tpl-10-finding = { $subject }: { n-messages } a { n-recipients } con { n-odd-links }.
rule-tpl-10-remedy =
    Usare link a un proprio dominio; anche i link brevi possono starvi sotto.
    Far verificare per l’azienda ogni dominio a cui i modelli rimandano.
    Una variabile può solo chiudere un indirizzo, mai sceglierne l’host.

rule-tpl-12-name = Testo rifiutato e ripresentato
rule-tpl-12-finding = { $subject }: { n-messages } a { n-recipients } con un testo quasi uguale a quello di un modello rifiutato, sospeso o disattivato (uguale al { $likeness }).
rule-tpl-12-remedy =
    Fermare il modello: è lo stesso testo ripresentato che fa crescere le sanzioni.
    Capire che cosa non è piaciuto alle persone o alla revisione e cambiare lo scopo o il testo, non singole parole.
    Se il rifiuto è stato un errore, chiederne la revisione invece di presentare una copia.

rule-tpl-13-name = Codici monouso fuori dall’autenticazione
rule-tpl-13-finding = { $subject }: { n-messages } a { n-recipients } parlano di codici monouso o di prove d’identità senza essere di autenticazione.
rule-tpl-13-remedy =
    Rifare il modello nella categoria autenticazione; il testo è fisso e il pulsante copia il codice.
    Togliere link, immagini ed emoji dai messaggi con codici.
    Tenere distinti i codici di prenotazioni, pacchi e buoni da quelli che provano l’identità, e chiamarli con il loro nome.

rule-pro-01-name = Contenuto vietato
rule-pro-01-finding = { $subject }: { n-messages } a { n-recipients } con parole di beni o servizi vietati, in { n-places }.
rule-pro-01-remedy =
    Fermare subito il modello e ogni campagna che lo usa.
    Farlo leggere a chi conosce le norme commerciali: le parole possono ingannare, e un museo o un avviso non sono un’offerta.
    Se è un’offerta, togliere quei beni da tutto ciò che si invia su WhatsApp, non solo da questo modello.
    Preparare ciò che serve al ticket: che cosa si vendeva, a chi è stato inviato e da quando non lo è più.

rule-pro-02-name = Beni regolamentati senza permesso
rule-pro-02-finding = { $subject }: { n-messages } a { n-recipients } con parole di beni regolamentati, in { n-places }, e nessun permesso registrato.
rule-pro-02-remedy =
    Fermarsi finché non è chiaro se l’azienda può promuovere questi beni su WhatsApp, e in quali paesi.
    Registrare il permesso con i suoi paesi; escludere i destinatari di altri paesi e i minori.
    Non usare cataloghi né pagamenti per questi beni.

rule-pro-03-name = Richiesta di dati sensibili
rule-pro-03-finding = { $subject }: { n-messages } a { n-recipients } chiedono dati di carte, conti, documenti o salute, in { n-places }.
rule-pro-03-remedy =
    Fermare il modello; chiedere questi dati su una propria pagina protetta o di persona.
    Cancellare ciò che le persone hanno inviato in chat e avvisare chi si occupa della protezione dei dati.
    Dire nel messaggio che cosa non si chiederà mai.
