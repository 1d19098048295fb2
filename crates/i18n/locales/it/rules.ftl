# Regole di rilevamento. Per ciascuna: -name, -finding (una frase con le cifre), -remedy (azioni correttive, una per riga, in ordine).
# Variabili di -finding: $subject (testo), $messages, $recipients (quantità) e, per nome, le cifre dei rilievi della regola.
# Le soglie sono di Sblocco salvo diversa indicazione: mai attribuire a Meta un numero che Meta non ha pubblicato.

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

rule-con-07-name = Consenso registrato dopo i messaggi
rule-con-07-finding = { $subject }: { n-messages } a { n-recipients } prima che il consenso fosse registrato, pari al { $share } dei messaggi che lo richiedevano.
rule-con-07-remedy =
    Spiegare da dove vengono questi consensi e allegare il documento originale che mostra la data in cui la persona ha acconsentito.
    Far confrontare un campione con gli originali da qualcuno che non li ha importati.
    Ciò che non si può dimostrare vale come consenso assente: escludere quelle persone.
    Registrare i consensi quando vengono dati, tramite un’interfaccia e non con un file a posteriori.

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

rule-eng-02-name = Molte richieste di non ricevere più messaggi
rule-eng-02-finding = { $subject }: il { $rate } delle persone raggiunte ha chiesto di non ricevere più messaggi.
rule-eng-02-remedy =
    Fermare la campagna per chi non è ancora stato contattato.
    Guardare da quali liste vengono le richieste ed escludere quelle liste finché la provenienza non è chiara.
    Prima della prossima campagna cambiare una cosa alla volta, fra pubblico, frequenza e contenuto, e provarla su un gruppo ristretto.
    Offrire l’uscita in ogni messaggio di marketing: una richiesta di cancellazione costa meno di un blocco.

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

rule-lst-05-name = Pubblico che non risponde più
rule-lst-05-finding = { $subject }: { n-recipients } hanno ricevuto almeno cinque messaggi di marketing senza leggerne alcuno né mai scrivere, pari al { $share } di chi ne ha ricevuti altrettanti.
rule-lst-05-remedy =
    Scrivere a queste persone più di rado, poi un’ultima volta per chiedere se vogliono restare, poi non più.
    Cominciare la prossima campagna da chi negli ultimi mesi ha letto o scritto.
    Stabilire una regola di uscita: dopo quanti messaggi non letti una persona lascia la lista.
