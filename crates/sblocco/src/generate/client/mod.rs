//! The three clients: who they are, their numbers, lists, templates. What happens at them is the scenarios' matter.

mod aurora;
mod fenice;
mod nordic;

use domain::traffic::Category;

use super::calendar::{Calendar, HOUR};

pub(super) use aurora::{
    AURORA, COUNTER, DIGITAL_PRESCRIPTION, HEALTH_PROGRAMME, LOYALTY_CARD, SPIKE_NUMBER, UNREAD_TEMPLATE,
};
pub(super) use fenice::FENICE;
pub(super) use nordic::{
    CART_REMINDER, FAILING_TEMPLATE, FAIR, LAID_OFF, MOVED_TEMPLATE, NORDIC, OUTLET_OPENING, PARTNER_CONTEST,
    PAUSE_DAY, PAUSED_TEMPLATE, RATED_BADLY, RETRIED, SPRING_IMPORT, UNWANTED_CAMPAIGN,
};

/// A template.
#[derive(Debug, Clone, Copy)]
pub(super) struct TemplateText {
    pub(super) name: &'static str,
    pub(super) language: &'static str,
    pub(super) category: Category,
    pub(super) body: &'static str,
    /// One label per quick-reply button.
    pub(super) quick_replies: &'static [&'static str],
    /// Label and address of a link button.
    pub(super) link: Option<(&'static str, &'static str)>,
    /// Whether a footer tells how to opt out.
    pub(super) footer: bool,
    /// Meta's quality score.
    pub(super) quality: &'static str,
}

/// A template that is only listed: never sent in the period.
#[derive(Debug, Clone, Copy)]
pub(super) struct IdleTemplate {
    pub(super) text: TemplateText,
    pub(super) status: &'static str,
    pub(super) quality: &'static str,
    pub(super) rejected_reason: &'static str,
}

/// A contact list and how its people are collected.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub(super) id: &'static str,
    /// Index into [`SOURCES`].
    pub(super) source: u8,
    /// Whether its opt-ins all carry one moment, as an import stamped them.
    pub(super) stamped: bool,
}

const fn list(id: &'static str, source: u8) -> List {
    List { id, source, stamped: false }
}

/// A template that a reviewer would object to.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContentFault {
    /// Id of the rule.
    pub(super) rule: &'static str,
    /// The template.
    pub(super) template: u8,
    /// Why.
    pub(super) why: &'static str,
}

const fn content(rule: &'static str, template: u8, why: &'static str) -> ContentFault {
    ContentFault { rule, template, why }
}

/// What goes wrong with a client's sending as such, whoever is written to. Days count from the start of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mishaps {
    /// A template whose parameters the client fills wrongly.
    pub(super) failing: u8,
    /// A template that hardly anybody reads.
    pub(super) unread: u8,
    /// Days in which Meta withholds much of the marketing.
    pub(super) withheld: (i64, i64),
    /// A number, and days in which no status of its messages came back.
    pub(super) silent: (u8, i64, i64),
}

/// Nothing goes wrong.
const NO_MISHAPS: Mishaps = Mishaps { failing: u8::MAX, unread: u8::MAX, withheld: (0, 0), silent: (u8::MAX, 0, 0) };

/// What Meta does to the account of one of a client's numbers. Days count from the start of the period; Meta acts in the
/// morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Enforcement {
    /// The number, which has an account of its own.
    pub(super) number: u8,
    /// The day on which Meta tells of a violation.
    pub(super) warned: i64,
    /// The days on which Meta forbids what the business starts, for the same violation, and allows it again.
    pub(super) blocked: (i64, i64),
    /// The days on which Meta flags the number, and takes that back.
    pub(super) flagged: (i64, i64),
    /// The day on which Meta says that it will disable the account.
    pub(super) threatened: i64,
}

/// When Meta acts.
pub(super) const MORNING: i64 = 8 * HOUR;

impl Enforcement {
    /// From when to when what the business starts is forbidden.
    pub(super) fn block(&self, calendar: &Calendar) -> (i64, i64) {
        (calendar.at(self.blocked.0, MORNING), calendar.at(self.blocked.1, MORNING))
    }
}

/// The Italian and the English template of one message; indexes into [`Profile::templates`].
pub(super) type Pair = [u8; 2];

/// A client.
#[derive(Debug)]
pub(super) struct Profile {
    /// Folder, and part of its ids.
    pub(super) folder: &'static str,
    /// Number of the client's random stream and part of its ids.
    pub(super) stream: u64,
    /// Share of all messages, in percent.
    pub(super) share: u64,
    pub(super) name: &'static str,
    pub(super) legal_name: &'static str,
    pub(super) domain: &'static str,
    /// Regulated trades that it may pursue.
    pub(super) permits: &'static [&'static str],
    /// The numbers in use throughout.
    pub(super) numbers: u8,
    /// Numbers that came into use in the period; they follow the others.
    pub(super) new_numbers: u8,
    /// Whether its declared campaigns say how many people they are meant for.
    pub(super) declares_sizes: bool,
    /// Version and text of a wording that says too little.
    pub(super) flawed_wording: Option<(&'static str, &'static str)>,
    pub(super) mishaps: Mishaps,
    pub(super) enforcement: Option<Enforcement>,
    pub(super) content_faults: &'static [ContentFault],
    pub(super) lists: &'static [List],
    /// How many of the lists, from the first, hold ordinary people.
    pub(super) ordinary_lists: usize,
    /// Percent of people who are written to in English.
    pub(super) english: u32,
    pub(super) templates: &'static [TemplateText],
    pub(super) marketing: &'static [Pair],
    /// An order's confirmation, shipping and delivery.
    pub(super) order: [Pair; 3],
    /// The one-time code.
    pub(super) code: u8,
    pub(super) campaigns: &'static [&'static str],
    pub(super) idle: &'static [IdleTemplate],
}

impl Profile {
    /// Meta's id of a sending number.
    pub(super) fn number_id(&self, number: u8) -> String {
        (108_540_200_000_000 + self.stream * 1_000_003 + u64::from(number) * 7_919).to_string()
    }

    /// How many sending numbers there are in all.
    pub(super) fn all_numbers(&self) -> u8 {
        self.numbers + self.new_numbers
    }

    /// Meta's id of the portfolio.
    pub(super) fn portfolio_id(&self) -> String {
        (506_914_300_000_000 + self.stream * 40_961).to_string()
    }

    /// Meta's id of the WhatsApp Business account of most numbers.
    pub(super) fn waba_id(&self) -> String {
        self.waba(0)
    }

    /// Meta's id of the WhatsApp Business account of a sending number.
    pub(super) fn waba_of(&self, number: u8) -> String {
        let has_its_own = self.enforcement.is_some_and(|enforcement| enforcement.number == number);
        self.waba(has_its_own.into())
    }

    fn waba(&self, account: u64) -> String {
        (102_290_100_000_000 + self.stream * 65_537 + account * 4_099).to_string()
    }

    /// A sending number as people write it.
    pub(super) fn display_number(&self, number: u8) -> String {
        format!("+39 02 9000 {}{}00", self.stream, number)
    }

    /// Meta's id of a template, by its place among those that are sent and those that are not.
    pub(super) fn template_id(&self, place: usize) -> u64 {
        620_000_000_000_000 + self.stream * 7_000_003 + place as u64 * 104_729
    }
}

/// Where consents come from; `source` of consents.
pub(super) const SOURCES: [&str; 6] = ["web_form", "checkout", "paper", "whatsapp", "keyword", "partner"];
pub(super) const WEB_FORM: u8 = 0;
pub(super) const CHECKOUT: u8 = 1;
pub(super) const PAPER: u8 = 2;
pub(super) const WHATSAPP: u8 = 3;
pub(super) const KEYWORD: u8 = 4;
pub(super) const PARTNER: u8 = 5;

/// Which wording people of a source saw.
pub(super) const WORDINGS: [&str; 6] = ["web-3", "cassa-2", "carta-1", "chat-1", "chat-1", "concorso-1"];
/// Who collects the consents of the source `partner`.
pub(super) const PARTNER_NAME: &str = "Vinci Subito S.r.l.";

/// What people write. The stop word is what they write to be left alone; `button` texts are quick replies.
pub(super) const INBOUND_TEXTS: [(&str, &str); 14] = [
    ("text", "STOP"),
    ("button", "Tutto bene"),
    ("button", "All good"),
    ("text", "Buongiorno, a che punto è il mio ordine?"),
    ("text", "Posso cambiare il punto di ritiro?"),
    ("text", "Grazie mille!"),
    ("text", "Hi, when will my order arrive?"),
    ("text", "Siete aperti sabato pomeriggio?"),
    ("text", "Il corriere non è passato, potete verificare?"),
    ("text", "Vorrei modificare l'indirizzo di consegna"),
    ("text", "Is it possible to pick it up in the shop?"),
    ("text", "Avete ricevuto il mio messaggio di ieri?"),
    ("text", "ok"),
    ("text", "👍"),
];
/// Index of the stop word.
pub(super) const STOP: u8 = 0;
/// Index of the Italian quick reply; the English one follows.
pub(super) const ALL_GOOD: u8 = 1;
/// Index of the first ordinary text.
pub(super) const FIRST_QUESTION: u8 = 3;

const fn text(name: &'static str, language: &'static str, category: Category, body: &'static str) -> TemplateText {
    TemplateText { name, language, category, body, quick_replies: &[], link: None, footer: false, quality: "GREEN" }
}

const fn marketing(
    name: &'static str,
    language: &'static str,
    body: &'static str,
    link: (&'static str, &'static str),
) -> TemplateText {
    let stop: &'static [&'static str] =
        if matches!(language.as_bytes(), b"it") { &["Basta promozioni"] } else { &["Stop promotions"] };
    let category = Category::Marketing;
    TemplateText {
        name,
        language,
        category,
        body,
        quick_replies: stop,
        link: Some(link),
        footer: true,
        quality: "GREEN",
    }
}

const fn idle(
    text: TemplateText,
    status: &'static str,
    quality: &'static str,
    rejected_reason: &'static str,
) -> IdleTemplate {
    IdleTemplate { text, status, quality, rejected_reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_of_a_profile_points_at_what_it_says() {
        for profile in [&NORDIC, &AURORA, &FENICE] {
            let category = |index: u8| profile.templates[usize::from(index)].category;
            let language = |index: u8| profile.templates[usize::from(index)].language;
            for pair in profile.marketing {
                assert_eq!(pair.map(category), [Category::Marketing; 2]);
                assert_eq!(pair.map(language), ["it", "en"]);
            }
            for pair in profile.order {
                assert_eq!(pair.map(category), [Category::Utility; 2]);
                assert_eq!(pair.map(language), ["it", "en"]);
            }
            assert_eq!(category(profile.code), Category::Authentication);
            assert!(profile.ordinary_lists <= profile.lists.len());
            assert!((20..=60).contains(&(profile.templates.len() + profile.idle.len())), "{}", profile.folder);
            let mut names: Vec<_> = profile.templates.iter().map(|text| (text.name, text.language)).collect();
            names.extend(profile.idle.iter().map(|idle| (idle.text.name, idle.text.language)));
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "a template is listed twice at {}", profile.folder);
        }
        assert_eq!(NORDIC.share + AURORA.share + FENICE.share, 100);
        assert_eq!(NORDIC.templates[usize::from(FAILING_TEMPLATE)].name, "ordine_spedito");
        assert_eq!(NORDIC.lists[usize::from(SPRING_IMPORT)].id, "spring_import");
        assert_eq!(NORDIC.lists[usize::from(FAIR)].id, "fiera_milano_2026");
        assert_eq!(AURORA.lists[usize::from(LOYALTY_CARD)].id, "tessera_fedelta");
        assert_eq!(NORDIC.lists[usize::from(PARTNER_CONTEST)].id, "concorso_vinci_subito");
        assert_eq!(AURORA.lists[usize::from(DIGITAL_PRESCRIPTION)].id, "ricetta_digitale");
        assert_eq!(AURORA.lists[usize::from(HEALTH_PROGRAMME)].id, "programma_salute");
        let sent = |profile: &Profile, index: u8| profile.templates[usize::from(index)].name;
        assert_eq!(CART_REMINDER.map(|index| sent(&NORDIC, index)), ["promemoria_carrello"; 2]);
        assert_eq!(OUTLET_OPENING.map(|index| sent(&NORDIC, index)), ["apertura_outlet"; 2]);
        assert_eq!(sent(&NORDIC, PAUSED_TEMPLATE), "saldi_anticipati");
        assert_eq!(sent(&NORDIC, MOVED_TEMPLATE), "anteprima_vip");
        assert_eq!(RATED_BADLY.map(|index| NORDIC.idle[index].text.name), ["promo_estate"; 2]);
        assert_eq!(sent(&AURORA, UNREAD_TEMPLATE), "dermocosmesi");
        assert_eq!((NORDIC.idle[LAID_OFF].text.name, NORDIC.idle[LAID_OFF].status), ("promo_estate", "PAUSED"));
        for profile in [&NORDIC, &AURORA, &FENICE] {
            let accounts: Vec<String> = (0..profile.all_numbers()).map(|number| profile.waba_of(number)).collect();
            let own = accounts.iter().filter(|account| **account != profile.waba_id()).count();
            assert_eq!(own, usize::from(profile.enforcement.is_some()), "{}", profile.folder);
        }
    }
}
