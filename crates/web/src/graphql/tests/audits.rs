//! The 61 audits of the public suite for GraphQL over HTTP (npm `graphql-http` 1.23.1, `serverAudits`), by their ids: what each sends,
//! and what it wants. `docs/api.md` says how to run the suite itself against a server.

use serde_json::{Value, json};

use super::*;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";
const TYPENAME: &str = "{ __typename }";
const BY_NAME: &str = "query Type($name: String!) { __type(name: $name) { name } }";

/// What an audit wants of an answer.
#[derive(Debug, Clone, Copy)]
enum Wants {
    Status(u16),
    /// Any status of a refusal by the caller's fault.
    Refusal,
    /// 200 in a media type.
    Media(&'static str),
    /// 200 and no errors.
    NoErrors,
    /// No entry `data`.
    NoData,
}

struct Audit {
    id: String,
    sent: Request,
    wants: Wants,
}

struct Request {
    method: Method,
    uri: String,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

fn post(headers: &[(&'static str, &'static str)], body: impl ToString) -> Request {
    Request { method: Method::POST, uri: "/graphql".to_owned(), headers: headers.to_vec(), body: body.to_string() }
}

fn get(parameters: &[(&str, &str)], headers: &[(&'static str, &'static str)]) -> Request {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    Request {
        method: Method::GET,
        uri: format!("/graphql?{}", query.finish()),
        headers: headers.to_vec(),
        body: String::new(),
    }
}

/// A body of JSON, with the answer in `accept`.
fn sent(accept: &'static str, body: impl ToString) -> Request {
    post(&[("content-type", JSON), ("accept", accept)], body)
}

/// A body of JSON.
fn plain(body: impl ToString) -> Request {
    post(&[("content-type", JSON)], body)
}

fn audit(id: &str, sent: Request, wants: Wants) -> Audit {
    Audit { id: id.to_owned(), sent, wants }
}

/// The audits of values of a wrong type of a parameter.
fn wrong(prefix: &str, parameter: &str, values: [Value; 4]) -> Vec<Audit> {
    let numbered = values.into_iter().enumerate().map(|(number, value)| {
        let mut body = json!({ "query": TYPENAME });
        body[parameter] = value;
        audit(&format!("{prefix}{number}"), plain(body), Wants::Status(400))
    });
    numbered.collect()
}

fn media_types() -> Vec<Audit> {
    let typename = || json!({ "query": TYPENAME });
    let runners = json!({ "query": "{ __type(name: \"Run🏃Swim🏊\") { name } }" });
    vec![
        audit("22EB", sent(GRAPHQL, typename()), Wants::Media(GRAPHQL)),
        audit("4655", sent(JSON, typename()), Wants::Media(JSON)),
        audit("47DE", sent("*/*", typename()), Wants::Media(JSON)),
        audit("80D8", plain(typename()), Wants::Media(JSON)),
        audit("82A3", plain(typename()), Wants::Status(200)),
        audit("BF61", post(&[("content-type", "application/json; charset=utf-8")], runners), Wants::Status(200)),
        audit("78D5", plain(typename()), Wants::Status(200)),
        audit("2C94", plain(typename()), Wants::Status(200)),
        audit("5A70", get(&[("query", TYPENAME)], &[]), Wants::Status(200)),
        audit("9C48", get(&[("query", "mutation { __typename }")], &[("accept", GRAPHQL)]), Wants::Refusal),
        audit("9ABE", post(&[], typename()), Wants::Refusal),
        audit("03D4", plain(typename()), Wants::Status(200)),
        audit("A5BF", plain(""), Wants::Status(400)),
    ]
}

fn parameters() -> Vec<Audit> {
    let objects = [json!({ "obj": "ect" }), json!(0), json!(false), json!(["array"])];
    let texts = [json!("string"), json!(0), json!(false), json!(["array"])];
    let named = || json!({ "operationName": "Query", "query": "query Query { __typename }" });
    let variables = || json!({ "query": BY_NAME, "variables": { "name": "sometype" } });
    let extensions = || json!({ "query": TYPENAME, "extensions": { "some": "value" } });
    let by_address = [("query", BY_NAME), ("variables", "{\"name\":\"sometype\"}")];
    let mut audits = vec![
        audit("423L", sent(GRAPHQL, json!({ "notquery": TYPENAME })), Wants::Status(400)),
        audit("34A2", sent(GRAPHQL, json!({ "query": TYPENAME })), Wants::Status(200)),
        audit("13EE", sent(JSON, json!({ "query": TYPENAME })), Wants::NoErrors),
        audit("8161", sent(GRAPHQL, named()), Wants::Status(200)),
        audit("B8B3", sent(JSON, named()), Wants::NoErrors),
        audit("2EA1", sent(GRAPHQL, variables()), Wants::Status(200)),
        audit("28B9", sent(JSON, variables()), Wants::NoErrors),
        audit("D6D5", get(&by_address, &[("accept", GRAPHQL)]), Wants::NoErrors),
        audit("6A70", get(&by_address, &[("accept", JSON)]), Wants::NoErrors),
        audit("428F", sent(GRAPHQL, extensions()), Wants::Status(200)),
        audit("1B7A", sent(JSON, extensions()), Wants::NoErrors),
    ];
    audits.extend(wrong("LKJ", "query", objects.clone()));
    audits.extend(wrong("6C0", "operationName", objects));
    audits.extend(wrong("476", "variables", texts.clone()));
    audits.extend(wrong("58B", "extensions", texts));
    for (number, parameter) in ["variables", "operationName", "extensions"].into_iter().enumerate() {
        let body = || {
            let mut body = json!({ "query": TYPENAME });
            body[parameter] = Value::Null;
            body
        };
        audits.push(audit(&format!("94B{number}"), sent(GRAPHQL, body()), Wants::NoErrors));
        audits.push(audit(&format!("022{number}"), sent(JSON, body()), Wants::NoErrors));
    }
    audits
}

fn refusals() -> Vec<Audit> {
    let no_json = "{ \"not a JSON";
    let typing_error = || json!({ "qeury": TYPENAME });
    let no_document = || json!({ "query": "{" });
    let no_field = || json!({ "query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }" });
    let no_value = || json!({ "query": "query CoerceFailure($id: ID!){ __typename }", "variables": { "id": null } });
    vec![
        // Any status at all.
        audit("B6DC", sent(JSON, no_json), Wants::Refusal),
        audit("BCF8", sent(JSON, no_json), Wants::Status(400)),
        audit("B7N8", sent(GRAPHQL, no_json), Wants::Status(400)),
        audit("8764", plain(typing_error()), Wants::Refusal),
        audit("3E3A", plain(typing_error()), Wants::Status(400)),
        audit("572B", sent(JSON, no_document()), Wants::Status(200)),
        audit("FDE2", sent(JSON, no_field()), Wants::Status(200)),
        audit("7B9B", sent(JSON, no_value()), Wants::Status(200)),
        audit("865D", sent(GRAPHQL, no_document()), Wants::Refusal),
        audit("556A", sent(GRAPHQL, no_document()), Wants::Status(400)),
        audit("D586", sent(GRAPHQL, no_document()), Wants::NoData),
        audit("51FE", sent(GRAPHQL, no_field()), Wants::Refusal),
        audit("74FF", sent(GRAPHQL, no_field()), Wants::Status(400)),
        audit("5E5B", sent(GRAPHQL, no_field()), Wants::NoData),
        audit("86EE", sent(GRAPHQL, no_value()), Wants::Status(400)),
    ]
}

#[tokio::test]
async fn every_audit_of_the_public_suite_passes() {
    let audits: Vec<Audit> = [media_types(), parameters(), refusals()].into_iter().flatten().collect();
    assert_eq!(audits.len(), 61);
    let router = router(true);
    let mut failed = Vec::new();
    for Audit { id, sent, wants } in audits {
        let mut request = http::Request::builder().method(sent.method).uri(sent.uri);
        for (name, value) in sent.headers {
            request = request.header(name, value);
        }
        let response = router.clone().oneshot(request.body(Body::from(sent.body)).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let media = response.headers()["content-type"].to_str().unwrap().to_owned();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let body: Value = serde_json::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let passed = match wants {
            Wants::Status(wanted) => status == wanted,
            Wants::Refusal => (400..500).contains(&status),
            Wants::Media(wanted) => status == 200 && media.starts_with(wanted) && media.contains("charset=utf-8"),
            Wants::NoErrors => status == 200 && body.get("errors").is_none(),
            Wants::NoData => body.get("data").is_none(),
        };
        if !passed {
            failed.push(format!("{id} wants {wants:?}, got {status} {media} {body}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
