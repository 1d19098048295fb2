//! Farmacia Aurora: a chain of pharmacies with good intentions and bad records.

use domain::traffic::Category::{Authentication, Utility};

use super::{
    CHECKOUT, ContentFault, IdleTemplate, Mishaps, NO_MISHAPS, PAPER, Profile, TemplateText, WEB_FORM, content, idle,
    list, marketing, text,
};

const BOOK: (&str, &str) = ("Prenota", "https://www.farmacia-aurora.example/p/{{1}}");
const BOOK_EN: (&str, &str) = ("Book", "https://www.farmacia-aurora.example/en/p/{{1}}");

static TEMPLATES: [TemplateText; 15] = [
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
        "Buongiorno {{1}}, è la giornata della prevenzione: misuriamo la pressione senza appuntamento.",
        BOOK,
    ),
    marketing(
        "giornata_prevenzione",
        "en",
        "Good morning {{1}}, it is prevention day: we measure your blood pressure, no appointment needed.",
        BOOK_EN,
    ),
    marketing(
        "dermocosmesi",
        "it",
        "Buongiorno {{1}}, questa settimana la linea solare è in offerta in tutte le nostre sedi.",
        BOOK,
    ),
    marketing(
        "dermocosmesi",
        "en",
        "Good morning {{1}}, this week the sun care range is on offer in all our branches.",
        BOOK_EN,
    ),
    text(
        "prenotazione_confermata",
        "it",
        Utility,
        "Gentile {{1}}, la prenotazione è confermata: il suo codice di verifica è {{2}}, non lo condivida con nessuno.",
    ),
    text(
        "prenotazione_confermata",
        "en",
        Utility,
        "Dear {{1}}, your booking is confirmed: your verification code is {{2}}, do not share it with anyone.",
    ),
    text("ordine_pronto", "it", Utility, "Gentile {{1}}: {{2}} pronto alle {{3}} qui."),
    text("ordine_pronto", "en", Utility, "Dear {{1}}: {{2}} ready at {{3}} here."),
    TemplateText {
        quick_replies: &["Tutto bene", "Vorrei parlare con voi"],
        ..text(
            "come_si_trova",
            "it",
            Utility,
            "Gentile {{1}}, come si trova con l'ordine {{2}}? Per il rimborso ci invii una foto della tessera sanitaria.",
        )
    },
    TemplateText {
        quick_replies: &["All good", "I would like to talk"],
        ..text(
            "come_si_trova",
            "en",
            Utility,
            "Dear {{1}}, how are you getting on with your order {{2}}? For the refund, send us a photo of your ID card.",
        )
    },
    text("codice_accesso", "it", Authentication, "{{1}} è il tuo codice di verifica. Per sicurezza, non condividerlo."),
    // Medicines, without a permit on file.
    marketing(
        "settimana_raffreddore",
        "it",
        "Buongiorno {{1}}, questa settimana ibuprofene e paracetamolo sono in offerta in tutte le nostre sedi.",
        BOOK,
    ),
    marketing(
        "settimana_raffreddore",
        "en",
        "Good morning {{1}}, this week ibuprofen and paracetamol are on offer in all our branches.",
        BOOK_EN,
    ),
];

static IDLE: [IdleTemplate; 7] = [
    idle(
        marketing(
            "vaccino_antinfluenzale",
            "it",
            "Buongiorno {{1}}, da oggi si prenota il vaccino antinfluenzale.",
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
            "Good morning {{1}}, flu vaccinations can be booked from today.",
            BOOK_EN,
        ),
        "PENDING",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        marketing(
            "crema_mani",
            "it",
            "Buongiorno {{1}}, per le mani di chi lavora è tornata la crema della nonna.",
            BOOK,
        ),
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
/// Consents for a programme of six months, which are over.
pub(in crate::generate) const HEALTH_PROGRAMME: u8 = 5;
/// The promotion that hardly anybody reads.
pub(in crate::generate) const UNREAD_TEMPLATE: u8 = 4;
/// The number that sends everything of one day.
pub(in crate::generate) const SPIKE_NUMBER: u8 = 1;

/// What a reviewer would object to.
const CONTENT: [ContentFault; 8] = [
    content("TPL-13", 6, "sends codes of verification as utility"),
    content("TPL-13", 7, "sends codes of verification as utility"),
    content("TPL-08", 8, "more variables than words"),
    content("TPL-08", 9, "more variables than words"),
    content("PRO-03", 10, "asks for photos of cards of health and identity"),
    content("PRO-03", 11, "asks for photos of cards of health and identity"),
    content("PRO-02", 13, "offers medicines without a permit on file"),
    content("PRO-02", 14, "offers medicines without a permit on file"),
];

/// The client.
pub(in crate::generate) static AURORA: Profile = Profile {
    folder: "farmacia-aurora",
    stream: 2,
    share: 25,
    name: "Farmacia Aurora",
    legal_name: "Farmacie Aurora S.p.A.",
    domain: "farmacia-aurora.example",
    permits: &["medical_devices"],
    numbers: 3,
    new_numbers: 0,
    declares_sizes: false,
    flawed_wording: Some(("cassa-2", "Lasci il suo numero: la avvisiamo quando è pronto.")),
    mishaps: Mishaps { unread: UNREAD_TEMPLATE, silent: (2, 20, 22), ..NO_MISHAPS },
    enforcement: None,
    content_faults: &CONTENT,
    lists: &[
        list("newsletter_salute", WEB_FORM),
        list("prenotazioni_online", CHECKOUT),
        list("tessera_fedelta", CHECKOUT),
        list("banco_farmacia", PAPER),
        list("ricetta_digitale", WEB_FORM),
        list("programma_salute", WEB_FORM),
    ],
    ordinary_lists: 2,
    english: 12,
    templates: &TEMPLATES,
    marketing: &[[0, 1], [2, 3], [4, 5], [13, 14]],
    order: [[6, 7], [8, 9], [10, 11]],
    code: 12,
    campaigns: &["rientro_in_forma", "prevenzione", "cambio_di_stagione", "pelle_sana", "inverno_sereno"],
    idle: &IDLE,
};
