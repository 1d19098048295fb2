# Lettere sulla piattaforma.

mail-graph-token-subject = Il token della Graph API di Meta non è più valido
mail-graph-token-text = Meta rifiuta il token con cui si chiede degli account (codice { $code }). Finché non viene rinnovato non si conoscono i colori dei numeri, la fine delle restrizioni e i conteggi di Meta. Crei un nuovo token per l’utente di sistema, con whatsapp_business_management, e lo metta in graph.token_file.

mail-graph-account-subject = Meta non ci lascia vedere { $account }
mail-graph-account-text = Meta rifiuta di dire come sta { $account } (codice { $code }). Chieda all’amministratore del cliente di condividere di nuovo l’account con la nostra azienda, con il permesso di gestirlo.

mail-account-lost-subject = Non seguiamo più { $account }
mail-account-lost-text = Meta dice che { $account } non è più condiviso con la nostra azienda ({ $words }). I webhook che lo riguardano finiscono e non se ne saprà più nulla. Se il cliente non lo voleva, chieda al suo amministratore di condividere di nuovo l’account.

mail-sending-blocked-subject = Meta dice che { $asset } non può inviare
mail-sending-blocked-text = Alla domanda su { $account }, Meta dice di { $asset }: { $state }.
mail-sending-blocked-payment = C’è un problema con il metodo di pagamento: i messaggi iniziati dall’azienda sono rifiutati finché non viene sistemato nelle impostazioni di fatturazione di Meta.
mail-sending-blocked-verification = L’azienda non è verificata: il suo amministratore deve completare la verifica nel Centro sicurezza di Meta Business.

mail-unknown-traffic-subject = Messaggi che non sono passati da noi
mail-unknown-traffic-text = Nelle 24 ore dal { $from } Meta ha contato { $meta ->
    [one] un messaggio
   *[other] { $meta } messaggi
} degli account del cliente, e il registro degli invii ne contiene { $log }: { $unknown } sconosciuti.
mail-unknown-traffic-why = Li ha inviati qualcun altro che ha accesso agli account, oppure il registro degli invii è incompleto. Di questi messaggi nessuno qui conosce consensi e liste, e possono portare a un blocco: chieda al cliente quali altri programmi inviano.

mail-platform-alert-subject = Da guardare subito: { $rule }
mail-platform-alert-text = { $severity }: { $rule } ({ $subject }).

mail-platform-incident-subject = Disservizio di Meta: errore { $code } per molti clienti
mail-platform-incident-text = Dal { $since } l’errore { $code } è molto più frequente del solito presso { $clients ->
    [one] un cliente
   *[other] { $clients } clienti
} insieme ({ $messages ->
    [one] un messaggio
   *[other] { $messages } messaggi
}). La causa è probabilmente di Meta e non dei clienti, che non vengono avvisati uno per uno.
