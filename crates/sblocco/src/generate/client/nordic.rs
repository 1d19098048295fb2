//! Nordic Shoes: a shoe shop on the web and in town, careless in many ways.

use domain::traffic::Category::{Authentication, Utility};

use super::{CHECKOUT, IdleTemplate, List, PAPER, Profile, TemplateText, WEB_FORM, idle, marketing, text};

const SHOP: (&str, &str) = ("Vai allo shop", "https://www.nordicshoes.example/{{1}}");
const SHOP_EN: (&str, &str) = ("Open the shop", "https://www.nordicshoes.example/en/{{1}}");

static TEMPLATES: [TemplateText; 17] = [
    marketing(
        "promo_autunno",
        "it",
        "Ciao {{1}}, l'autunno di Nordic Shoes è arrivato: stivaletti e sneaker nuovi, con il 20% di sconto fino a domenica.",
        SHOP,
    ),
    marketing(
        "promo_autunno",
        "en",
        "Hi {{1}}, autumn has come to Nordic Shoes: new boots and sneakers, 20% off until Sunday.",
        SHOP_EN,
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
    marketing("anteprima_vip", "it", "{{1}}, ti aspettiamo all'anteprima riservata ai clienti più affezionati.", SHOP),
    marketing("anteprima_vip", "en", "{{1}}, join the preview that is reserved for our best customers.", SHOP_EN),
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
        "{{1}}, il tuo ordine {{2}} è partito: arriva tra uno e tre giorni lavorativi.",
    ),
    text(
        "ordine_spedito",
        "en",
        Utility,
        "{{1}}, your order {{2}} is on its way: it arrives in one to three working days.",
    ),
    TemplateText {
        quick_replies: &["Tutto bene", "Ho un problema"],
        ..text("ordine_consegnato", "it", Utility, "{{1}}, il tuo ordine {{2}} risulta consegnato. È tutto a posto?")
    },
    TemplateText {
        quick_replies: &["All good", "I have a problem"],
        ..text("ordine_consegnato", "en", Utility, "{{1}}, your order {{2}} was delivered. Is everything all right?")
    },
    text(
        "ritiro_in_negozio",
        "it",
        Utility,
        "{{1}}, il tuo ordine {{2}} è pronto per il ritiro nel negozio che hai scelto.",
    ),
    text(
        "ritiro_in_negozio",
        "en",
        Utility,
        "{{1}}, your order {{2}} is ready for collection at the shop that you chose.",
    ),
    text("codice_accesso", "it", Authentication, "{{1}} è il tuo codice di verifica. Per sicurezza, non condividerlo."),
];

static IDLE: [IdleTemplate; 7] = [
    idle(
        marketing("promo_estate", "it", "{{1}}, ultimi giorni di saldi estivi: fino al 50% sui sandali.", SHOP),
        "PAUSED",
        "RED",
        "NONE",
    ),
    idle(
        marketing("promo_estate", "en", "{{1}}, last days of the summer sale: up to 50% off sandals.", SHOP_EN),
        "APPROVED",
        "YELLOW",
        "NONE",
    ),
    idle(
        marketing("black_friday", "it", "{{1}}, il Black Friday comincia stanotte. Non perderlo!", SHOP),
        "PENDING",
        "UNKNOWN",
        "NONE",
    ),
    idle(
        text(
            "reso_ricevuto",
            "it",
            Utility,
            "{{1}}, abbiamo ricevuto il tuo reso {{2}}: il rimborso arriva entro cinque giorni.",
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
            "{{1}}, we have received your return {{2}}: the refund takes up to five days.",
        ),
        "APPROVED",
        "GREEN",
        "NONE",
    ),
    idle(
        text("avviso_sconto", "it", Utility, "{{1}}, c'è uno sconto che ti aspetta."),
        "REJECTED",
        "UNKNOWN",
        "INCORRECT_CATEGORY",
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

/// The client.
pub(in crate::generate) static NORDIC: Profile = Profile {
    folder: "nordic-shoes",
    stream: 1,
    share: 40,
    name: "Nordic Shoes",
    legal_name: "Nordic Shoes Italia S.r.l.",
    domain: "nordicshoes.example",
    numbers: 4,
    lists: &[
        List { id: "newsletter_web", source: WEB_FORM },
        List { id: "clienti_negozio", source: CHECKOUT },
        List { id: "spring_import", source: WEB_FORM },
        List { id: "fiera_milano_2026", source: PAPER },
    ],
    ordinary_lists: 2,
    english: 18,
    templates: &TEMPLATES,
    marketing: &[[0, 1], [2, 3], [4, 5], [6, 7]],
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
