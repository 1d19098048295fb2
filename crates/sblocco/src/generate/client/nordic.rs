//! Nordic Shoes: a shoe shop on the web and in town, careless in many ways.

use domain::traffic::Category::{Authentication, Marketing, Utility};

use super::{
    CHECKOUT, ContentFault, Enforcement, IdleTemplate, List, Mishaps, NO_MISHAPS, PAPER, PARTNER, Profile,
    TemplateText, WEB_FORM, content, idle, list, marketing, text,
};

const SHOP: (&str, &str) = ("Vai allo shop", "https://www.nordicshoes.example/{{1}}");
// Where these lead, nobody can see.
const SHORT: (&str, &str) = ("Vai allo shop", "https://bit.ly/nordic-{{1}}");
const SHORT_EN: (&str, &str) = ("Open the shop", "https://bit.ly/nordic-en-{{1}}");
const SHOP_EN: (&str, &str) = ("Open the shop", "https://www.nordicshoes.example/en/{{1}}");

static TEMPLATES: [TemplateText; 25] = [
    marketing(
        "promo_autunno",
        "it",
        "Ciao {{1}}, l'autunno di Nordic Shoes è arrivato: stivaletti e sneaker nuovi, con il 20% di sconto fino a domenica.",
        SHORT,
    ),
    marketing(
        "promo_autunno",
        "en",
        "Hi {{1}}, autumn has come to Nordic Shoes: new boots and sneakers, 20% off until Sunday.",
        SHORT_EN,
    ),
    marketing(
        "nuova_collezione",
        "it",
        "{{1}}, la nuova collezione è in negozio: passa a provarla, abbiamo già la tua misura.",
        SHOP,
    ),
    marketing(
        "nuova_collezione",
        "en",
        "{{1}}, the new collection is in the shop: come and try it on, we have your size.",
        SHOP_EN,
    ),
    marketing(
        "saldi_anticipati",
        "it",
        "Solo per te, {{1}}: i saldi cominciano oggi, due giorni prima degli altri.",
        SHOP,
    ),
    marketing(
        "saldi_anticipati",
        "en",
        "Just for you, {{1}}: the sale starts today, two days before everyone else.",
        SHOP_EN,
    ),
    // Without a word on how to opt out.
    TemplateText {
        link: Some(SHOP),
        ..text(
            "anteprima_vip",
            "it",
            Marketing,
            "Ciao {{1}}, ti aspettiamo all'anteprima riservata ai clienti più affezionati.",
        )
    },
    TemplateText {
        link: Some(SHOP_EN),
        ..text("anteprima_vip", "en", Marketing, "Hi {{1}}, join the preview that is reserved for our best customers.")
    },
    text(
        "ordine_confermato",
        "it",
        Utility,
        "Grazie {{1}}, il tuo ordine {{2}} è confermato. Ti scriviamo appena parte.",
    ),
    text(
        "ordine_confermato",
        "en",
        Utility,
        "Thank you {{1}}, your order {{2}} is confirmed. We will write as soon as it leaves.",
    ),
    text(
        "ordine_spedito",
        "it",
        Utility,
        "Ciao {{1}}, il tuo ordine {{2}} è partito: arriva tra uno e tre giorni lavorativi.",
    ),
    text(
        "ordine_spedito",
        "en",
        Utility,
        "Hi {{1}}, your order {{2}} is on its way: it arrives in one to three working days.",
    ),
    TemplateText {
        quick_replies: &["Tutto bene", "Ho un problema"],
        ..text(
            "ordine_consegnato",
            "it",
            Utility,
            "Ciao {{1}}, il tuo ordine {{2}} risulta consegnato. È tutto a posto?",
        )
    },
    TemplateText {
        quick_replies: &["All good", "I have a problem"],
        ..text("ordine_consegnato", "en", Utility, "Hi {{1}}, your order {{2}} was delivered. Is everything all right?")
    },
    text(
        "ritiro_in_negozio",
        "it",
        Utility,
        "Ciao {{1}}, il tuo ordine {{2}} è pronto per il ritiro nel negozio che hai scelto.",
    ),
    text(
        "ritiro_in_negozio",
        "en",
        Utility,
        "Hi {{1}}, your order {{2}} is ready for collection at the shop that you chose.",
    ),
    text("codice_accesso", "it", Authentication, "{{1}} è il tuo codice di verifica. Per sicurezza, non condividerlo."),
    // Filed as utility.
    text(
        "promemoria_carrello",
        "it",
        Utility,
        "Ciao {{1}}, i tuoi articoli ti aspettano nel carrello: solo oggi 15% di sconto, completa l'acquisto!",
    ),
    text(
        "promemoria_carrello",
        "en",
        Utility,
        "Hi {{1}}, your items are waiting in the cart: 15% off today only, shop now!",
    ),
    // New, and not rated yet.
    TemplateText {
        quality: "UNKNOWN",
        ..marketing(
            "apertura_outlet",
            "it",
            "Ciao {{1}}, sabato apriamo il nuovo outlet di Nordic Shoes e ti aspettiamo per un brindisi.",
            SHOP,
        )
    },
    TemplateText {
        quality: "UNKNOWN",
        ..marketing(
            "apertura_outlet",
            "en",
            "Hi {{1}}, we open the new outlet of Nordic Shoes on Saturday and look forward to seeing you.",
            SHOP_EN,
        )
    },
    marketing(
        "sneaker_del_mese",
        "it",
        "Ciao {{1}}, sono tornate le sneaker identiche all'originale che cercavi, a un prezzo che non credevi.",
        SHOP,
    ),
    marketing(
        "sneaker_del_mese",
        "en",
        "Hi {{1}}, the replica sneakers that you were looking for are back, at a price that you would not believe.",
        SHOP_EN,
    ),
    // Almost the text that was rejected.
    marketing(
        "sconto_per_te",
        "it",
        "Ciao {{1}}, c'è uno sconto che ti aspetta nel tuo negozio Nordic Shoes fino a domenica.",
        SHOP,
    ),
    marketing("sconto_per_te", "en", "Hi {{1}}, a discount is waiting for you in our shop until Sunday.", SHOP_EN),
];

static IDLE: [IdleTemplate; 7] = [
    idle(
        marketing("promo_estate", "it", "Ciao {{1}}, ultimi giorni di saldi estivi: fino al 50% sui sandali.", SHOP),
        "PAUSED",
        "RED",
        "NONE",
    ),
    idle(
        marketing("promo_estate", "en", "Hi {{1}}, last days of the summer sale: up to 50% off sandals.", SHOP_EN),
        "APPROVED",
        "YELLOW",
        "NONE",
    ),
    idle(
        marketing("black_friday", "it", "Ciao {{1}}, il Black Friday comincia stanotte. Non perderlo!", SHOP),
        "PENDING",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        text(
            "reso_ricevuto",
            "it",
            Utility,
            "Ciao {{1}}, abbiamo ricevuto il tuo reso {{2}}: il rimborso arriva entro cinque giorni.",
        ),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        text(
            "reso_ricevuto",
            "en",
            Utility,
            "Hi {{1}}, we have received your return {{2}}: the refund takes up to five days.",
        ),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        marketing(
            "avviso_sconto",
            "it",
            "Ciao {{1}}, c'è uno sconto che ti aspetta nel tuo negozio Nordic Shoes fino a sabato.",
            SHOP,
        ),
        "REJECTED",
        "UNKNOWN",
        "PROMOTIONAL",
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

/// The list that was bought in spring and never asked.
pub(in crate::generate) const SPRING_IMPORT: u8 = 2;
/// The list that was typed from cards at a fair: many wrong numbers.
pub(in crate::generate) const FAIR: u8 = 3;
/// The shipping notice whose parameters are filled wrongly.
pub(in crate::generate) const FAILING_TEMPLATE: u8 = 10;
/// The notice that a loop re-sends to people who cannot be reached.
pub(in crate::generate) const RETRIED: [u8; 2] = [14, 15];
/// The campaign that makes people write STOP.
pub(in crate::generate) const UNWANTED_CAMPAIGN: usize = 2;

/// The list that a contest's organiser collected for itself.
pub(in crate::generate) const PARTNER_CONTEST: u8 = 4;
/// The reminder of a full cart that was filed as utility.
pub(in crate::generate) const CART_REMINDER: [u8; 2] = [17, 18];
/// What the new number begins with.
pub(in crate::generate) const OUTLET_OPENING: [u8; 2] = [19, 20];
/// The promotion that Meta paused for some hours of a day; its week is that day's.
pub(in crate::generate) const PAUSED_TEMPLATE: u8 = 4;
/// The day of the pause.
pub(in crate::generate) const PAUSE_DAY: i64 = 16;
/// The template that was utility until Meta moved it.
pub(in crate::generate) const MOVED_TEMPLATE: u8 = 6;
/// Idle templates that Meta rates RED and YELLOW.
pub(in crate::generate) const RATED_BADLY: [usize; 2] = [0, 1];

/// The template that Meta paused, among those that are not sent; one of those that it rates badly.
pub(in crate::generate) const LAID_OFF: usize = RATED_BADLY[0];

/// What becomes of the number with an account of its own.
const ENFORCEMENT: Enforcement =
    Enforcement { number: 3, warned: 12, blocked: (40, 42), flagged: (39, 45), threatened: 55 };

/// What a reviewer would object to.
const CONTENT: [ContentFault; 11] = [
    content("TPL-10", 0, "the link is shortened"),
    content("TPL-10", 1, "the link is shortened"),
    content("TPL-07", 2, "begins with a variable"),
    content("TPL-07", 3, "begins with a variable"),
    content("CON-11", 6, "a promotion without a word on how to opt out"),
    content("CON-11", 7, "a promotion without a word on how to opt out"),
    content("TPL-05", CART_REMINDER[0], "an advertisement that was filed as utility"),
    content("TPL-05", CART_REMINDER[1], "an advertisement that was filed as utility"),
    content("PRO-01", 21, "offers copies of brands"),
    content("PRO-01", 22, "offers copies of brands"),
    content("TPL-12", 23, "almost the text of avviso_sconto, which Meta rejected"),
];

/// The client.
pub(in crate::generate) static NORDIC: Profile = Profile {
    folder: "nordic-shoes",
    stream: 1,
    share: 40,
    name: "Nordic Shoes",
    legal_name: "Nordic Shoes Italia S.r.l.",
    domain: "nordicshoes.example",
    permits: &["footwear_repair"],
    numbers: 4,
    new_numbers: 1,
    declares_sizes: true,
    flawed_wording: None,
    mishaps: Mishaps { failing: FAILING_TEMPLATE, withheld: (35, 49), ..NO_MISHAPS },
    enforcement: Some(ENFORCEMENT),
    content_faults: &CONTENT,
    lists: &[
        list("newsletter_web", WEB_FORM),
        list("clienti_negozio", CHECKOUT),
        list("spring_import", WEB_FORM),
        List { stamped: true, ..list("fiera_milano_2026", PAPER) },
        list("concorso_vinci_subito", PARTNER),
    ],
    ordinary_lists: 2,
    english: 18,
    templates: &TEMPLATES,
    marketing: &[[0, 1], [2, 3], [4, 5], [6, 7], [21, 22], [23, 24]],
    order: [[8, 9], [10, 11], [12, 13]],
    code: 16,
    campaigns: &[
        "promo_autunno",
        "nuova_collezione",
        "saldi_anticipati",
        "anteprima_vip",
        "ritorno_in_citta",
        "regali",
    ],
    idle: &IDLE,
};
