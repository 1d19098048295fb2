//! What the demo prints: what was found, whom to sign in as, and what to paste.

use std::fmt::Write as _;

use domain::traffic::Severity;
use i18n::{FindingFacts, Lang};

use super::{Demo, DemoClient};

/// Findings shown of a client.
const SHOWN: usize = 5;

fn client(text: &mut String, lang: Lang, client: &DemoClient) -> std::fmt::Result {
    let rows: Vec<String> = client
        .rows
        .iter()
        .map(|(kind, rows)| {
            format!("{} {}", i18n::number(lang, i64::try_from(*rows).unwrap_or(i64::MAX)), kind.as_str())
        })
        .collect();
    writeln!(text, "\n{} ({})", client.name, rows.join(", "))?;
    if client.findings.is_empty() {
        writeln!(text, "  no findings")?;
    }
    for finding in client.findings.iter().take(SHOWN) {
        let severity = i18n::word(lang, i18n::Group::Severity, finding.found.severity.as_str());
        let sentence = i18n::finding(lang, &FindingFacts::from(&finding.found));
        writeln!(text, "  {severity:<9} {} {sentence}", finding.found.rule)?;
    }
    let more = client.findings.len().saturating_sub(SHOWN);
    if more > 0 {
        let grave = client.findings.iter().filter(|finding| finding.found.severity >= Severity::High).count();
        writeln!(text, "  … and {more} more ({grave} of all are high or critical)")?;
    }
    Ok(())
}

fn requests(text: &mut String, demo: &Demo, address: &str) -> std::fmt::Result {
    let Some(support) = demo.users.iter().find(|user| user.email.starts_with("support@")) else { return Ok(()) };
    let curl = format!("curl -s http://{address}/graphql -H 'Content-Type: application/json'");
    writeln!(text, "\nThree requests to paste:\n\n# 1. sign in; keeps the access token\n")?;
    writeln!(
        text,
        r#"TOKEN=$({curl} -d '{{"query":"mutation($e:String!,$p:String!){{signIn(input:{{email:$e,password:$p}}){{accessToken}}}}","variables":{{"e":"{}","p":"{}"}}}}' | sed 's/.*accessToken":"\([^"]*\).*/\1/')"#,
        support.email, support.password
    )?;
    writeln!(text, "\n# 2. the ticket: status, whose turn, promises\n")?;
    writeln!(
        text,
        r#"{curl} -H "Authorization: Bearer $TOKEN" -d '{{"query":"{{ticketByRef(ref:\"{}\"){{ref status waitingOn statusText slaTimers{{metric state dueAt}} findings{{rule severity explanation}}}}}}"}}'"#,
        demo.ticket
    )?;
    writeln!(text, "\n# 3. what the audits found\n")?;
    writeln!(
        text,
        r#"{curl} -H "Authorization: Bearer $TOKEN" -d '{{"query":"{{clients{{nodes{{id name}}}} audits(first:3){{nodes{{client{{name}} state findings(first:5){{nodes{{rule severity title messages recipients}}}}}}}}}}"}}'"#
    )
}

/// The whole summary, for a server at `address`.
///
/// # Errors
/// Formatting failed.
pub fn print(demo: &Demo, lang: Lang, address: &str) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "What the audits found")?;
    for one in &demo.clients {
        client(&mut text, lang, one)?;
    }
    writeln!(text, "\nTicket {} is open toward Meta for {}.", demo.ticket, demo.clients[0].name)?;
    writeln!(text, "\nSign in as")?;
    for user in &demo.users {
        writeln!(text, "  {:<14} {:<30} {}", user.role.as_str(), user.email, user.password)?;
    }
    writeln!(text, "\nAPI token of {}'s gateway (imports): {}", demo.clients[0].name, demo.api_token)?;
    requests(&mut text, demo, address)?;
    Ok(text)
}
