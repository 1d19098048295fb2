use std::{fmt::Write as _, time::Instant};

use serde_json::json;

use super::*;

fn preflight(source: &str, name: Option<&str>, variables: &Variables, limits: &Limits) -> Result<Cleared, Refused> {
    clear(&measure(source, limits)?, name, variables, limits, &Prices::default())
}

fn check(source: &str) -> Result<Cleared, Refused> {
    preflight(source, None, &Variables::default(), &Limits::default())
}

fn code(source: &str) -> ErrorCode {
    check(source).unwrap_err().code
}

/// `levels` fragments, each spreading the next one `times` times.
fn doubling(levels: usize, times: usize) -> String {
    let mut document = "{ r { ...f0 } }".to_owned();
    for level in 0..levels {
        let spread = format!("...f{} ", level + 1).repeat(times);
        write!(document, " fragment f{level} on Query {{ {spread} }}").unwrap();
    }
    write!(document, " fragment f{levels} on Query {{ a }}").unwrap();
    document
}

#[test]
fn a_fragment_that_doubles_costs_nothing_and_is_refused() {
    let begun = Instant::now();
    for (levels, times) in [(9, 2), (28, 2), (48, 2), (20, 10)] {
        assert_eq!(code(&doubling(levels, times)), ErrorCode::TooComplex, "{times}^{levels}");
    }
    assert!(begun.elapsed().as_millis() < 500);
    assert!(check(&doubling(7, 2)).is_ok());
    assert!(check(&doubling(45, 1)).is_ok());
}

#[test]
fn a_fragment_that_doubles_is_refused_even_when_no_operation_uses_it() {
    assert_eq!(code(&doubling(28, 2).replacen("{ r { ...f0 } }", "{ a }", 1)), ErrorCode::TooComplex);
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    for source in [
        "{ ...a } fragment a on Query { ...a }",
        "{ ...a } fragment a on Query { x { ...b } } fragment b on X { y { ...a } }",
        "{ x } fragment a on Query { ...b } fragment b on Query { ...a }",
    ] {
        assert_eq!(code(source), ErrorCode::GraphqlValidationFailed, "{source}");
    }
}

#[test]
fn every_limit_holds_at_its_edge() {
    let nested = |levels: usize| format!("{}a{}", "{ a ".repeat(levels - 1) + "{ ", " }".repeat(levels));
    let fields = |count: usize| format!("{{ r {{ {} }} }}", "a ".repeat(count - 1));
    let aliases = |count: usize| format!("{{ r {{ {} }} }}", "x: a ".repeat(count));
    let roots = |count: usize| format!("{{ {} }}", "a ".repeat(count));
    let mutations = |count: usize| format!("mutation {{ {} }}", "a ".repeat(count));
    let directives = |count: usize| format!("{{ a {} }}", "@include(if: true) ".repeat(count));
    let numbered = |count: usize, text: &str| (0..count).map(|n| text.replace('#', &n.to_string())).collect::<String>();
    let operations = |count: usize| numbered(count, "query q# { a } ");
    let fragments = |count: usize| "{ a }".to_owned() + &numbered(count, " fragment f# on Q { a }");
    let brackets = |levels: usize| format!("{{ a(x: {}{}) }}", "[".repeat(levels - 2), "]".repeat(levels - 2));
    let variables = |count: usize| format!("query({}) {{ a }}", numbered(count, "$v#: Int "));
    let limits: [(&dyn Fn(usize) -> String, usize); 10] = [
        (&nested, 12),
        (&fields, 300),
        (&aliases, 30),
        (&roots, 20),
        (&mutations, 5),
        (&directives, 20),
        (&fragments, 50),
        (&brackets, 40),
        (&variables, 100),
        (&operations, 5),
    ];
    for (number, (source, limit)) in limits.iter().enumerate() {
        let fitting =
            preflight(&source(*limit), (number == 9).then_some("q0"), &Variables::default(), &Limits::default());
        assert!(fitting.is_ok(), "{number}: {fitting:?}");
        assert_eq!(code(&source(limit + 1)), ErrorCode::TooComplex, "{number}");
    }
    assert_eq!(code(&"a ".repeat(2_001)), ErrorCode::TooComplex);
    assert_eq!(code(&"[".repeat(200_000)), ErrorCode::TooComplex);
}

#[test]
fn aliases_and_depth_are_counted_through_fragments() {
    let source = "{ r { ...f ...f ...f ...f } } fragment f on R { a: x b: x c: x d: x e: x f: x g: x h: x }";
    assert_eq!(code(source), ErrorCode::TooComplex);
    let deep = "{ a { a { a { a { a { a { ...f } } } } } } } fragment f on A { a { a { a { a { a { a { a } } } } } } }";
    assert_eq!(code(deep), ErrorCode::TooComplex);
}

#[test]
fn the_question_that_tools_ask_of_the_schema_passes() {
    let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
    let source = format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} types {{ ...FullType }} directives {{ name args {{ ...InputValue }} }} }} }}
         fragment FullType on __Type {{ kind name fields(includeDeprecated: true) {{ name args {{ ...InputValue }} type {{ ...TypeRef }} }}
           inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }} enumValues {{ name }} possibleTypes {{ ...TypeRef }} }}
         fragment InputValue on __InputValue {{ name type {{ ...TypeRef }} defaultValue }}
         fragment TypeRef on __Type {{ kind name {of_type} }}"
    );
    let cleared = check(&source).unwrap();
    assert!(cleared.introspects);
    let multiplying = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert_eq!(code(multiplying), ErrorCode::TooComplex);
    assert!(!check("{ __typename a }").unwrap().introspects);
}

#[test]
fn parse_errors_are_short_and_echo_nothing() {
    let long = format!("{{ secret({} }}", "x".repeat(100_000));
    for source in [long.as_str(), "", "{", "query", "{ a } { b }", "query a { b } query a { c }", "\u{0}", "{ è }"] {
        let refused = check(source).unwrap_err();
        assert_eq!(refused.code, ErrorCode::GraphqlParseFailed, "{source:.20}");
        assert!(refused.message.len() < 120 && !refused.message.contains("secret"), "{}", refused.message);
    }
}

#[test]
fn the_operation_is_chosen_by_name() {
    let two = "query a { x } mutation b { y }";
    let with = |name: Option<&str>| preflight(two, name, &Variables::default(), &Limits::default());
    assert_eq!(with(Some("a")).unwrap().kind, OperationType::Query);
    assert_eq!(with(Some("b")).unwrap().kind, OperationType::Mutation);
    assert_eq!(with(Some("c")).unwrap_err().code, ErrorCode::BadRequest);
    assert_eq!(with(None).unwrap_err().code, ErrorCode::BadRequest);
    assert_eq!(check("subscription { x }").unwrap().kind, OperationType::Subscription);
}

#[test]
fn variables_of_the_languages_own_types_are_checked() {
    let with = |declared: &str, value: serde_json::Value| {
        let source = format!("query($v: {declared}) {{ a(v: $v) }}");
        preflight(&source, None, &Variables::from_json(json!({ "v": value })), &Limits::default()).map(|_| ())
    };
    for (declared, value) in [
        ("Int", json!(1)),
        ("Int", json!(null)),
        ("[Int!]!", json!([1, 2])),
        ("[Int!]!", json!(1)),
        ("ID!", json!("x")),
        ("ID!", json!(7)),
        ("Float!", json!(1)),
        ("TicketInput!", json!({"any": "thing"})),
    ] {
        assert_eq!(with(declared, value), Ok(()), "{declared}");
    }
    for (declared, value) in [
        ("Int!", json!(null)),
        ("Int", json!("1")),
        ("Int", json!(3_000_000_000_u64)),
        ("[Int!]", json!([1, null])),
        ("String!", json!(1)),
        ("Boolean", json!("true")),
        ("ID", json!(1.5)),
        ("TicketInput!", json!(null)),
    ] {
        assert_eq!(with(declared, value).unwrap_err().code, ErrorCode::BadUserInput, "{declared}");
    }
    assert_eq!(code("query($v: Int!) { a(v: $v) }"), ErrorCode::BadUserInput);
    assert!(check("query($v: Int! = 3) { a(v: $v) }").is_ok());
}

#[test]
fn a_document_tries_one_password() {
    let sign_in = |alias: &str| format!("{alias}: signIn(input: {{}}) {{ accessToken }}");
    let two = format!("{} {}", sign_in("a"), sign_in("b"));
    assert!(check(&format!("mutation {{ {} }}", sign_in("a"))).is_ok());
    assert_eq!(code(&format!("mutation {{ {two} }}")), ErrorCode::TooComplex);
    let spread = format!("mutation {{ ...f ...f }} fragment f on Mutation {{ {} }}", sign_in("a"));
    assert_eq!(code(&spread), ErrorCode::TooComplex);
    let named = format!("mutation a {{ {} }} mutation b {{ {} }}", sign_in("a"), sign_in("b"));
    let refused = preflight(&named, Some("a"), &Variables::default(), &Limits::default());
    assert_eq!(refused.unwrap_err().code, ErrorCode::TooComplex);
}

#[test]
fn everything_that_checks_a_secret_counts_as_a_guess() {
    let sdl = ::graphql::sdl();
    let body = |head: &str| -> Vec<&str> {
        let body = sdl.split_once(&format!("\n{head} {{\n")).unwrap_or_else(|| panic!("{head}")).1;
        body.split_once("\n}").unwrap().0.lines().map(str::trim).collect()
    };
    let mut guesses = Vec::new();
    let mut mutation = "";
    for line in body("type Mutation") {
        if let Some(name) = line.strip_suffix('(') {
            mutation = name;
        }
        let Some(input) = line.strip_prefix("input: ").and_then(|input| input.strip_suffix('!')) else { continue };
        let secrets = ["password: ", "code: ", "refreshToken: "];
        let has_secret =
            body(&format!("input {input}")).iter().any(|field| secrets.iter().any(|secret| field.starts_with(secret)));
        // One sets a password, the other ends what it names.
        if has_secret && !["userCreate", "signOut"].contains(&mutation) {
            guesses.push(mutation);
        }
    }
    guesses.sort_unstable();
    assert_eq!(guesses, super::weigh::GUESSES);
    for (one, other) in guesses.iter().zip(guesses.iter().skip(1)) {
        let alone = format!("mutation {{ {one}(input: {{}}) {{ userErrors {{ code }} }} }}");
        assert!(check(&alone).is_ok(), "{one}");
        let both = format!("mutation {{ {one}(input: {{}}) {{ a }} x: {other}(input: {{}}) {{ b }} }}");
        assert_eq!(code(&both), ErrorCode::TooComplex, "{one} {other}");
    }
}

#[test]
fn a_document_that_may_cost_too_much_is_refused() {
    let prices = Prices::of_schema(&::graphql::sdl()).unwrap();
    let with = |first: u32| {
        let source =
            format!("{{ tickets(first: {first}) {{ nodes {{ timeline(first: 49) {{ nodes {{ id }} }} }} }} }}");
        clear(&measure(&source, &Limits::default())?, None, &Variables::default(), &Limits::default(), &prices)
    };
    assert_eq!(with(100).unwrap().priced.cost, 100 * 50);
    assert_eq!(with(99).unwrap().priced.cost, 99 * 50);
    let dear = "{ tickets(first: 100) { nodes { timeline(first: 50) { nodes { id } } } } }";
    let dear = measure(dear, &Limits::default()).unwrap();
    let refused = clear(&dear, None, &Variables::default(), &Limits::default(), &prices).unwrap_err();
    assert_eq!((refused.code, refused.limit), (ErrorCode::TooComplex, Some("cost")));
}
