//! Small files of the exchange formats.

use std::io::Write as _;

pub(crate) const MESSAGES: &str =
    "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category,list_id,status\n";
pub(crate) const CONSENTS: &str = "recipient,action,scope,effective_at,source\n";

pub(crate) fn person(n: u32) -> String {
    format!("39333{n:07}")
}

/// One marketing template to each of the people `from` to `to`, with the header.
pub(crate) fn messages(from: u32, to: u32) -> String {
    let line = |n: u32| {
        format!(
            "wamid.{n},1002,{},2026-09-{:02}T08:{:02}:00Z,template,news,it,marketing,spring,delivered\n",
            person(n),
            n % 28 + 1,
            n % 60
        )
    };
    MESSAGES.to_owned() + &(from..=to).map(line).collect::<String>()
}

/// Opt-ins of the people `from` to `to`, with the header.
pub(crate) fn opt_ins(from: u32, to: u32) -> String {
    let line = |n: u32| format!("{},opt_in,marketing,2026-08-01T08:00:00Z,web_form\n", person(n));
    CONSENTS.to_owned() + &(from..=to).map(line).collect::<String>()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}
