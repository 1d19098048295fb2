//! Libreria Fenice: a book shop that does everything right. The measure against false alarms.

use domain::traffic::Category::{Authentication, Utility};

use super::{
    CHECKOUT, IdleTemplate, NO_MISHAPS, Profile, TemplateText, WEB_FORM, WHATSAPP, idle, list, marketing, text,
};

const BOOKS: (&str, &str) = ("Scopri di più", "https://www.libreriafenice.example/l/{{1}}");
const BOOKS_EN: (&str, &str) = ("Learn more", "https://www.libreriafenice.example/en/l/{{1}}");

static TEMPLATES: [TemplateText; 13] = [
    marketing(
        "novita_in_libreria",
        "it",
        "Ciao {{1}}, questa settimana in libreria sono arrivate tre novità che ti piaceranno.",
        BOOKS,
    ),
    marketing(
        "novita_in_libreria",
        "en",
        "Hi {{1}}, three new books that you will like have arrived this week.",
        BOOKS_EN,
    ),
    marketing("consigli_di_lettura", "it", "Ciao {{1}}, i librai della Fenice hanno scelto un libro per te.", BOOKS),
    marketing("consigli_di_lettura", "en", "Hi {{1}}, the booksellers of Fenice have chosen a book for you.", BOOKS_EN),
    marketing(
        "incontro_con_autore",
        "it",
        "Ciao {{1}}, giovedì alle 18 incontriamo l'autore del mese: il posto è tuo se lo prenoti.",
        BOOKS,
    ),
    marketing(
        "incontro_con_autore",
        "en",
        "Hi {{1}}, meet the author of the month on Thursday at 6 pm: book your seat.",
        BOOKS_EN,
    ),
    text("ordine_confermato", "it", Utility, "Grazie {{1}}, il tuo ordine {{2}} è confermato."),
    text("ordine_confermato", "en", Utility, "Thank you {{1}}, your order {{2}} is confirmed."),
    text("ordine_spedito", "it", Utility, "Ciao {{1}}, i libri dell'ordine {{2}} sono in viaggio."),
    text("ordine_spedito", "en", Utility, "Hi {{1}}, the books of your order {{2}} are on their way."),
    TemplateText {
        quick_replies: &["Tutto bene", "Manca qualcosa"],
        ..text("ordine_consegnato", "it", Utility, "Ciao {{1}}, l'ordine {{2}} è arrivato. È tutto come lo aspettavi?")
    },
    TemplateText {
        quick_replies: &["All good", "Something is missing"],
        ..text("ordine_consegnato", "en", Utility, "Hi {{1}}, your order {{2}} has arrived. Is everything as expected?")
    },
    text("codice_accesso", "it", Authentication, "{{1}} è il tuo codice di verifica. Per sicurezza, non condividerlo."),
];

static IDLE: [IdleTemplate; 7] = [
    idle(
        marketing("festival_del_libro", "it", "Ciao {{1}}, a maggio torna il festival: ecco il programma.", BOOKS),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        marketing(
            "festival_del_libro",
            "en",
            "Hi {{1}}, the festival is back in May: here is the programme.",
            BOOKS_EN,
        ),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        marketing("natale_in_libreria", "it", "Ciao {{1}}, ecco i regali di Natale scelti dai nostri librai.", BOOKS),
        "PENDING",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        text("libro_disponibile", "it", Utility, "Ciao {{1}}, il libro {{2}} che avevi chiesto è disponibile."),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        text("libro_disponibile", "en", Utility, "Hi {{1}}, the book {{2}} that you asked for is available."),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        text("prestito_in_scadenza", "it", Utility, "Ciao {{1}}, il prestito {{2}} scade tra due giorni."),
        "ARCHIVED",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        text(
            "codice_accesso",
            "en",
            Authentication,
            "{{1}} is your verification code. For your security, do not share it.",
        ),
        "APPROVED",
        "UNKNOWN",
        "NONE",
    ),
];

/// The client.
pub(in crate::generate) static FENICE: Profile = Profile {
    folder: "libreria-fenice",
    stream: 3,
    share: 35,
    name: "Libreria Fenice",
    legal_name: "La Fenice Società Cooperativa",
    domain: "libreriafenice.example",
    // The wine of its readings.
    permits: &["alcohol"],
    numbers: 2,
    new_numbers: 0,
    declares_sizes: true,
    flawed_wording: None,
    mishaps: NO_MISHAPS,
    enforcement: None,
    content_faults: &[],
    lists: &[list("newsletter_web", WEB_FORM), list("clienti_negozio", CHECKOUT), list("circolo_lettori", WHATSAPP)],
    ordinary_lists: 3,
    english: 25,
    templates: &TEMPLATES,
    marketing: &[[0, 1], [2, 3], [4, 5]],
    order: [[6, 7], [8, 9], [10, 11]],
    code: 12,
    campaigns: &["novita", "consigli", "incontri", "autunno_in_giallo", "sotto_l_albero"],
    idle: &IDLE,
};
