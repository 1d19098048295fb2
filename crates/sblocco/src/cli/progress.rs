//! Progress bars, on standard error, when it is a terminal; nothing elsewhere.

use std::{
    io::{IsTerminal, stderr},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts `unit`s.
pub(super) fn count(message: &'static str) -> ProgressBar {
    bar(message, "{msg:<10} {wide_bar} {human_pos}/{human_len} {eta}")
}

/// A bar that counts bytes.
pub(super) fn bytes(message: &'static str) -> ProgressBar {
    bar(message, "{msg:<10} {wide_bar} {binary_bytes}/{binary_total_bytes} {eta}")
}

/// A spinner beside the step that is at work.
pub(super) fn steps() -> ProgressBar {
    bar("", "{spinner} {msg}")
}

fn bar(message: &'static str, template: &str) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(0).with_style(style).with_message(message);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
