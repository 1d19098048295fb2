//! The requests of `docs/api.md`, executed in their order. In an expected answer, what is not there is not looked at, `"…"` is any text,
//! and `"$NAME"` is whatever comes, to be put where `$NAME` stands in what follows.

use std::collections::HashMap;

use app::accounts::set_password;
use domain::access::Role;

use super::*;

const GUIDE: &str = include_str!("../../../../../docs/api.md");

/// A request of the page, and what it is answered.
struct Example {
    request: String,
    status: u16,
    answer: String,
}

/// The fenced blocks of the page, with what stands behind their fences.
fn blocks() -> Vec<(&'static str, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in GUIDE.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(kind), None) => open = Some((kind, String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    let mut request = None;
    for (kind, text) in blocks() {
        if kind == "http" {
            assert!(request.replace(text).is_none(), "a request without an answer");
        } else if let Some(status) = kind.strip_prefix("json") {
            let status = if status.is_empty() { 200 } else { status.trim().parse().unwrap() };
            let request = request.take().expect("an answer without a request");
            examples.push(Example { request, status, answer: text });
        }
    }
    examples
}

/// Whether `actual` is as `expected` says; takes down what comes for names.
fn matches(expected: &Value, actual: &Value, names: &mut HashMap<String, String>) -> bool {
    match (expected, actual) {
        (Value::String(text), Value::String(found)) if text.starts_with('$') => {
            // The same name again is the new one of its kind, as the page's next requests use it.
            names.insert(text.clone(), found.clone());
            true
        }
        (Value::String(text), Value::String(found)) => text == "…" || text == found,
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(one, other)| matches(one, other, names))
        }
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().all(|(key, value)| actual.get(key).is_some_and(|found| matches(value, found, names)))
        }
        _ => expected == actual,
    }
}

fn request_of(text: &str) -> HttpRequest<Body> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, uri) = lines.next().unwrap().split_once(' ').unwrap();
    let mut request = HttpRequest::builder().method(method).uri(uri).header(CONTENT_TYPE, "application/json");
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    request.body(Body::from(body.trim().to_owned())).unwrap()
}

#[tokio::test]
async fn the_requests_of_the_guide_are_answered_as_it_says() {
    let site = Site { app: TestApp::new(TestStore::sqlite().await), ..Site::new().await };
    let ada = site.app.user(Role::BspAdmin, None).await;
    set_password(&site.app.system(), &ada.email, "correct horse battery staple".to_owned().into()).await.unwrap();
    let routes = router(site.edge(Vec::new())).unwrap();
    let mut names = HashMap::from([("ada@bsp.example".to_owned(), ada.email.clone())]);
    let examples = examples();
    assert!(examples.len() > 15, "the page was not read");
    for example in examples {
        let mut text = example.request.clone();
        let mut wanted: Value =
            serde_json::from_str(&example.answer).unwrap_or_else(|error| panic!("{error}: {}", example.answer));
        for (name, value) in &names {
            text = text.replace(name.as_str(), value);
        }
        // What a name stands for already must come again, but for tokens, which are new each time.
        for (name, value) in names.iter().filter(|(name, _)| !matches!(name.as_str(), "$ACCESS" | "$REFRESH")) {
            wanted = serde_json::from_str(&wanted.to_string().replace(name.as_str(), value)).unwrap();
        }
        let response = routes.clone().oneshot(request_of(&text)).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(status == example.status && matches(&wanted, &answer, &mut names), "{text}\n{status} {answer}");
    }
}

#[test]
fn the_guide_knows_every_code_of_errors() {
    for code in crate::refusal::ErrorCode::ALL {
        assert!(GUIDE.contains(&format!("| `{}` |", code.as_str())), "{}", code.as_str());
    }
}
