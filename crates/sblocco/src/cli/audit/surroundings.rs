//! What `--templates` and `--assets` tell about the messages.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use audit::Inputs;
use domain::{Instant, traffic::Surroundings};
use meta::{
    ReadError,
    asset::{Asset, Assets},
    ndjson::{self, LineError},
    template::Template,
};

use crate::{
    cli::output,
    failure::{Failure, io_reason},
};

/// Reads both kinds of files. A bad line is told and left out; a file that cannot be read is unusable input.
pub(in crate::cli) fn read(templates: &[PathBuf], assets: &[PathBuf], now: Instant) -> Result<Inputs, Failure> {
    let mut contents = Vec::new();
    for path in templates {
        contents.extend(lines(path, Template::from_json)?.iter().map(Template::content));
    }
    let mut known = Assets::default();
    for path in assets {
        known.extend(lines(path, Asset::from_json)?);
    }
    let surroundings = Surroundings { templates: (!templates.is_empty()).then_some(contents), ..known.surroundings() };
    Ok(Inputs { surroundings, as_of: Some(now.timestamp_micros()), ..Inputs::default() })
}

fn lines<T>(path: &Path, parse: impl Fn(&str) -> Result<T, ReadError>) -> Result<Vec<T>, Failure> {
    let unusable = |error: &std::io::Error| {
        Failure::usage(format!(
            "{}: cannot be read ({}); check the path and its permissions",
            path.display(),
            io_reason(error)
        ))
    };
    let file = File::open(path).map_err(|error| unusable(&error))?;
    let mut read = Vec::new();
    let (mut bad, mut first) = (0_u64, None);
    for line in ndjson::read(BufReader::new(file), parse) {
        match line {
            Ok(document) => read.push(document),
            Err(LineError::Io { source, .. }) => return Err(unusable(&source)),
            Err(error) => {
                bad += 1;
                first.get_or_insert(error);
            }
        }
    }
    if let Some(first) = first {
        output::notice(format_args!("{}: {bad} lines are bad and were left out (the first: {first})", path.display()));
    }
    Ok(read)
}
