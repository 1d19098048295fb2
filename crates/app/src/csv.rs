//! Tables as CSV: RFC 4180 with a header. Texts that a spreadsheet would take for a formula are disarmed.

/// A table as it is written.
pub(crate) struct Table(String);

impl Table {
    /// One with its header, and no rows yet.
    pub(crate) fn new(header: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.row(header, &[]);
        table
    }

    /// Adds a row: texts, then figures.
    pub(crate) fn row(&mut self, texts: &[&str], figures: &[u64]) {
        let texts = texts.iter().map(|text| field(text));
        let cells: Vec<String> = texts.chain(figures.iter().map(ToString::to_string)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// All of it.
    pub(crate) fn written(self) -> String {
        self.0
    }
}

fn field(text: &str) -> String {
    let armed = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if armed { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_where_it_must_and_never_a_formula() {
        assert_eq!(field("plain"), "plain");
        assert_eq!(field("a,b \"c\""), "\"a,b \"\"c\"\"\"");
        assert_eq!(field("=SUM(A1)"), "'=SUM(A1)");
        assert_eq!(field("two\nlines"), "\"two\nlines\"");
    }
}
