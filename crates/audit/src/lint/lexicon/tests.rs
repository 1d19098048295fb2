//! The syntax of terms, and that every line of the data files is well formed.

use super::{super::text::Texts, *};

fn found(file: &str, text: &str) -> Vec<(Topic, String)> {
    let (lexicon, problems) = Lexicon::read(&[file]);
    assert_eq!(problems, []);
    let texts = Texts::of_text(text);
    let found = lexicon.find(&texts);
    let mut hits: Vec<(Topic, String)> = Vec::new();
    for (topic, _) in Topic::ALL {
        hits.extend(found.enough(topic).into_iter().map(|hit| (topic, text[hit.place(&texts).1].to_owned())));
    }
    hits
}

fn words(file: &str, text: &str) -> Vec<String> {
    found(&format!("[promotion]\n{file}"), text).into_iter().map(|(_, words)| words).collect()
}

#[test]
fn the_data_files_are_well_formed() {
    for files in [vec![ANY], vec![ANY, ITALIAN], vec![ANY, ENGLISH]] {
        let (lexicon, problems) = Lexicon::read(&files);
        assert_eq!(problems, []);
        assert!(lexicon.patterns.len() > 100);
    }
}

#[test]
fn words_match_whole_whatever_their_case_and_accents() {
    assert_eq!(words("novita", "Le NOVITÀ"), ["NOVITÀ"]);
    assert_eq!(words("scont{o,i}", "uno scontrino, gli sconti"), ["sconti"]);
    assert_eq!(words("scont*", "uno scontrino"), ["scontrino"]);
    assert_eq!(words("buy|get now", "Get now, buy later"), ["Get now"]);
    assert_eq!(words("don't miss", "Don’t miss it"), ["Don’t miss"]);
    assert_eq!(words("don't|never miss", "never miss it; don't miss it"), ["never miss", "don't miss"]);
}

#[test]
fn phrases_have_gaps_and_options_but_keep_to_a_sentence() {
    assert_eq!(words("send .. pin", "Send us your PIN"), ["Send us your PIN"]);
    assert_eq!(words("send .. pin", "Send us your very own PIN"), [""; 0]);
    assert_eq!(words("send ... pin", "Send us your very own PIN"), ["Send us your very own PIN"]);
    assert_eq!(words("send ... pin", "Send it. Your PIN"), [""; 0]);
    assert_eq!(words("your? pin", "PIN"), ["PIN"]);
    assert_eq!(
        words("@who = us|me\nsend @who|them pin", "send me pin, send them pin"),
        ["send me pin", "send them pin"]
    );
}

#[test]
fn classes_match_numbers_amounts_and_variables() {
    assert_eq!(words("only <price>", "only €9.99"), ["only €9.99"]);
    assert_eq!(words("<minus-percent>", "20% -30%"), ["30%"]);
    assert_eq!(words("<percent> off", "{{1}}% off"), ["{{1}}% off"]);
    assert_eq!(words("code <variable>", "code {{1}}, code 5"), ["code {{1}}"]);
    assert_eq!(words("<number> days", "5 days, {{2}} days"), ["5 days", "{{2}} days"]);
}

#[test]
fn exclusions_and_excuses_take_terms_away() {
    let file = "wine\n- wine museum\n~ alcohol-free\n! school";
    assert_eq!(words(file, "Our wine"), ["wine"]);
    assert_eq!(words(file, "The wine museum, and wine"), ["wine"]);
    assert_eq!(words(file, "Wine, alcohol-free. Wine"), ["Wine"]);
    assert_eq!(words(file, "Wine. For the school."), [""; 0]);
}

#[test]
fn weak_terms_need_another() {
    let file = "? free\n? gift";
    assert_eq!(words(file, "free and free"), [""; 0]);
    assert_eq!(words(file, "a free gift"), ["free", "gift"]);
}

#[test]
fn malformed_lines_are_told() {
    let file = "early\n[promotion]\n.. gap\na{b\n<nothing>\n@none\n[nowhere]\nab*\nfine";
    let (lexicon, problems) = Lexicon::read(&[file]);
    let lines: Vec<&str> = problems.iter().map(|problem| problem.line.as_str()).collect();
    assert_eq!(lines, ["early", ".. gap", "a{b", "<nothing>", "@none", "[nowhere]", "ab*"]);
    assert_eq!(lexicon.patterns.len(), 1);
}
