//! Farmacia Aurora: a chain of pharmacies with good intentions and bad records.

use domain::traffic::Category::{Authentication, Utility};

use super::{CHECKOUT, IdleTemplate, List, PAPER, Profile, TemplateText, WEB_FORM, idle, marketing, text};

const BOOK: (&str, &str) = ("Prenota", "https://www.farmacia-aurora.example/p/{{1}}");
const BOOK_EN: (&str, &str) = ("Book", "https://www.farmacia-aurora.example/en/p/{{1}}");

static TEMPLATES: [TemplateText; 13] = [
    marketing(
        "consigli_di_stagione",
        "it",
        "Buongiorno {{1}}, i consigli della settimana per affrontare il cambio di stagione.",
        BOOK,
    ),
    marketing(
        "consigli_di_stagione",
        "en",
        "Good morning {{1}}, this week's advice for the change of season.",
        BOOK_EN,
    ),
    marketing(
        "giornata_prevenzione",
        "it",
        "{{1}}, giornata della prevenzione: misuriamo la pressione senza appuntamento.",
        BOOK,
    ),
    marketing(
        "giornata_prevenzione",
        "en",
        "{{1}}, prevention day: we measure your blood pressure, no appointment needed.",
        BOOK_EN,
    ),
    marketing(
        "dermocosmesi",
        "it",
        "{{1}}, questa settimana la linea solare è in offerta in tutte le nostre farmacie.",
        BOOK,
    ),
    marketing("dermocosmesi", "en", "{{1}}, this week the sun care range is on offer in all our pharmacies.", BOOK_EN),
    text("prenotazione_confermata", "it", Utility, "Gentile {{1}}, la prenotazione {{2}} è confermata."),
    text("prenotazione_confermata", "en", Utility, "Dear {{1}}, your booking {{2}} is confirmed."),
    text("ordine_pronto", "it", Utility, "Gentile {{1}}, quanto ha ordinato ({{2}}) è pronto al banco."),
    text("ordine_pronto", "en", Utility, "Dear {{1}}, what you ordered ({{2}}) is ready at the counter."),
    TemplateText {
        quick_replies: &["Tutto bene", "Vorrei parlare con voi"],
        ..text("come_si_trova", "it", Utility, "Gentile {{1}}, come si trova con quanto ritirato con l'ordine {{2}}?")
    },
    TemplateText {
        quick_replies: &["All good", "I would like to talk"],
        ..text("come_si_trova", "en", Utility, "Dear {{1}}, how are you getting on with your order {{2}}?")
    },
    text("codice_accesso", "it", Authentication, "{{1}} è il tuo codice di verifica. Per sicurezza, non condividerlo."),
];

static IDLE: [IdleTemplate; 7] = [
    idle(
        marketing(
            "vaccino_antinfluenzale",
            "it",
            "{{1}}, da oggi si prenota il vaccino antinfluenzale in farmacia.",
            BOOK,
        ),
        "PENDING",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        marketing(
            "vaccino_antinfluenzale",
            "en",
            "{{1}}, flu vaccinations can be booked at the pharmacy from today.",
            BOOK_EN,
        ),
        "PENDING",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        marketing("offerta_integratori", "it", "{{1}}, tutti gli integratori al 30%.", BOOK),
        "REJECTED",
        "UNKNOWN",
        "ABUSIVE_CONTENT",
    ),
    idle(
        text("ricetta_in_scadenza", "it", Utility, "Gentile {{1}}, la sua ricetta {{2}} scade tra sette giorni."),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        text("ricetta_in_scadenza", "en", Utility, "Dear {{1}}, your prescription {{2}} expires in seven days."),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        text(
            "turno_di_notte",
            "it",
            Utility,
            "Gentile {{1}}, questa notte la farmacia di turno è in {{2}}, fino alle 8.",
        ),
        "APPROVED",
        "GREEN",
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

/// Customers who agreed to notices about orders and get promotions.
pub(in crate::generate) const LOYALTY_CARD: u8 = 2;
/// Consents on paper without the paper.
pub(in crate::generate) const COUNTER: u8 = 3;
/// Consents that were put on file long after people had been written to.
pub(in crate::generate) const DIGITAL_PRESCRIPTION: u8 = 4;
/// The number that sends everything of one day.
pub(in crate::generate) const SPIKE_NUMBER: u8 = 1;

/// The client.
pub(in crate::generate) static AURORA: Profile = Profile {
    folder: "farmacia-aurora",
    stream: 2,
    share: 25,
    name: "Farmacia Aurora",
    legal_name: "Farmacie Aurora S.p.A.",
    domain: "farmacia-aurora.example",
    numbers: 3,
    lists: &[
        List { id: "newsletter_salute", source: WEB_FORM },
        List { id: "prenotazioni_online", source: CHECKOUT },
        List { id: "tessera_fedelta", source: CHECKOUT },
        List { id: "banco_farmacia", source: PAPER },
        List { id: "ricetta_digitale", source: WEB_FORM },
    ],
    ordinary_lists: 2,
    english: 12,
    templates: &TEMPLATES,
    marketing: &[[0, 1], [2, 3], [4, 5]],
    order: [[6, 7], [8, 9], [10, 11]],
    code: 12,
    campaigns: &["rientro_in_forma", "prevenzione", "cambio_di_stagione", "pelle_sana", "inverno_sereno"],
    idle: &IDLE,
};
