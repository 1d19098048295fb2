//! The texts, compiled in, and how they are looked up.

use std::sync::LazyLock;

use fluent_bundle::{FluentError, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::{Args, Group, Lang, format, word};

macro_rules! sources {
    ($lang:literal) => {
        &[
            include_str!(concat!("../locales/", $lang, "/common.ftl")),
            include_str!(concat!("../locales/", $lang, "/enforcement.ftl")),
            include_str!(concat!("../locales/", $lang, "/errors.ftl")),
            include_str!(concat!("../locales/", $lang, "/errors-app.ftl")),
            include_str!(concat!("../locales/", $lang, "/errors-tickets.ftl")),
            include_str!(concat!("../locales/", $lang, "/lint.ftl")),
            include_str!(concat!("../locales/", $lang, "/mail.ftl")),
            include_str!(concat!("../locales/", $lang, "/mail-platform.ftl")),
            include_str!(concat!("../locales/", $lang, "/report.ftl")),
            include_str!(concat!("../locales/", $lang, "/rules.ftl")),
            include_str!(concat!("../locales/", $lang, "/sla.ftl")),
            include_str!(concat!("../locales/", $lang, "/tickets.ftl")),
            include_str!(concat!("../locales/", $lang, "/timeline.ftl")),
            include_str!(concat!("../locales/", $lang, "/words.ftl")),
        ]
    };
}

type Bundle = FluentBundle<FluentResource>;

static ITALIAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::It));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En));

/// The text of a key, filled with facts.
///
/// A key that does not exist yields itself, and a fact that is not given shows its name: both are faults of the program,
/// are logged as such, and are kept out by the tests of this crate.
pub fn text(lang: Lang, key: &str, args: &Args) -> String {
    let Some((text, errors)) = format_message(lang, key, args) else {
        tracing::error!(i18n.key = key, i18n.lang = %lang, "there is no text of this key");
        return key.to_owned();
    };
    for error in errors {
        tracing::error!(i18n.key = key, i18n.lang = %lang, %error, "a text could not be filled");
    }
    text
}

/// The text of a key, filled with facts that are already text, as refusals of use cases carry them.
///
/// `from` and `to` are statuses of a ticket by their stable names, and are written as words.
pub fn text_with(lang: Lang, key: &str, arguments: &[(&'static str, String)]) -> String {
    let args = arguments.iter().fold(Args::new(), |args, (name, value)| match *name {
        "from" | "to" => args.text(*name, word(lang, Group::TicketStatus, value)),
        _ => args.text(*name, value.as_str()),
    });
    text(lang, key, &args)
}

/// The text of a key and what went wrong while filling it; `None` when there is no such text.
pub(crate) fn format_message(lang: Lang, key: &str, args: &Args) -> Option<(String, Vec<FluentError>)> {
    let bundle = of(lang);
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args.fluent(lang)), &mut errors).into_owned();
    Some((text, errors))
}

/// Whether there is a text of a key.
pub(crate) fn exists(lang: Lang, key: &str) -> bool {
    of(lang).has_message(key)
}

/// The files of a language, as they were compiled in.
pub(crate) const fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::It => sources!("it"),
        Lang::En => sources!("en"),
    }
}

fn of(lang: Lang) -> &'static Bundle {
    match lang {
        Lang::It => &ITALIAN,
        Lang::En => &ENGLISH,
    }
}

fn bundle(lang: Lang) -> Bundle {
    // Both tags are well formed, and a test sees that each language has its own plurals.
    let mut bundle = Bundle::new_concurrent(vec![lang.as_str().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::It => italian_number,
        Lang::En => english_number,
    }));
    for source in sources(lang) {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(?errors, i18n.lang = %lang, "a file of texts is malformed; what could be read of it is used");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, i18n.lang = %lang, "a text stands twice; the first is used");
        }
    }
    bundle
}

fn italian_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    written(Lang::It, value)
}

fn english_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    written(Lang::En, value)
}

fn written(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(format::approximate(lang, number.value)),
        _ => None,
    }
}
