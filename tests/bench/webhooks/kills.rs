//! SIGKILL in the middle of the load, again and again; afterwards everything that was acknowledged must be there, once: in the inbox, in
//! what an audit counts, and as one ticket for each block.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Failure,
    deployment::{Deployment, NUMBER},
    say,
};

/// Number of the first message.
const FIRST: u64 = 1_000_000_000;
const PATIENCE: Duration = Duration::from_mins(5);

/// What was acknowledged: for each message what was told of it.
type Acknowledged = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn run(sblocco: &str, kills: u32) -> Result<(), Failure> {
    let site = Deployment::new(sblocco)?;
    let told = site.folder().join("acknowledged");
    let (seconds, first, file) = ((3 * kills).to_string(), FIRST.to_string(), told.display().to_string());
    let load = ["--rate", "1000", "--batch", "5", "--seconds", &seconds, "--retries", "100", "--connections", "256"];
    let mut server = site.serve()?;
    let sending = site
        .simulate(&[&load[..], &["--first", &first, "--acknowledged", &file]].concat())
        .stdout(Stdio::null())
        .spawn()?;
    let mut blocks = Vec::new();
    for kill in 0..kills {
        // Told while the server lives, dies, or both.
        blocks.push(site.simulate(&Deployment::block(kill as usize)).stdout(Stdio::null()).spawn()?);
        // Not always at the same place of a group, a batch or a compaction.
        sleep(Duration::from_millis(700 + u64::from(kill) * 379 % 1_900));
        server.kill()?;
        server = site.serve()?;
    }
    for mut child in std::iter::once(sending).chain(blocks) {
        if !child.wait()?.success() {
            return Err("something was never acknowledged".into());
        }
    }
    let acknowledged = acknowledged(&std::fs::read_to_string(&told)?)?;
    let updates: usize = acknowledged.values().map(BTreeSet::len).sum();
    say(format_args!("{kills} kills, {updates} updates of {} messages acknowledged", acknowledged.len()))?;
    let missing = missing(&site, &acknowledged)?;
    say(format_args!("of these not in the inbox: {missing}"))?;
    let (expected, found) = audited(&site, &acknowledged)?;
    say(format_args!("an audit is to count  {expected}\nand counts            {found}"))?;
    let tickets = site.tickets()?;
    let accounts = tickets.iter().collect::<BTreeSet<_>>().len();
    say(format_args!("{kills} blocks: {} tickets of {accounts} accounts", tickets.len()))?;
    server.stop()?;
    if missing > 0 || expected != found || tickets.len() != kills as usize || accounts != kills as usize {
        return Err("something was lost, or is there more than once".into());
    }
    Ok(())
}

fn acknowledged(lines: &str) -> Result<Acknowledged, Failure> {
    let mut told = Acknowledged::new();
    for line in lines.lines() {
        let (message, status) = line.split_once(' ').ok_or("a line without a status")?;
        told.entry(message.to_owned()).or_default().insert(status.to_owned());
    }
    Ok(told)
}

/// How many acknowledged updates are not in the inbox.
fn missing(site: &Deployment, acknowledged: &Acknowledged) -> Result<usize, Failure> {
    let mut left = acknowledged.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = store::Store::connect(&store::StoreConfig::new(site.database())).await?;
        let inbox = store.inbox().await?;
        let mut position = 0;
        loop {
            let bodies = inbox.after(position, store::Content::Traffic, 10_000).await?;
            let Some(last) = bodies.last() else { break };
            position = last.position;
            for body in &bodies {
                strike(&mut left, &serde_json::from_slice(&body.body)?);
            }
        }
        store.close().await?;
        Ok(left.values().map(BTreeSet::len).sum())
    })
}

/// Strikes out what a body tells.
fn strike(left: &mut Acknowledged, body: &Value) {
    let statuses = body.pointer("/entry/0/changes/0/value/statuses").and_then(Value::as_array);
    for status in statuses.into_iter().flatten() {
        let text = |name: &str| status[name].as_str().unwrap_or_default();
        if let Some(words) = left.get_mut(text("id")) {
            words.remove(text("status"));
        }
    }
}

/// Imports the send log of the messages and lets an audit count; what it must count, and what it counts once all was dealt with.
fn audited(site: &Deployment, acknowledged: &Acknowledged) -> Result<(Value, Value), Failure> {
    let having =
        |wanted: &[&str]| acknowledged.values().filter(|told| wanted.iter().any(|word| told.contains(*word))).count();
    let (all, delivered, read) = (acknowledged.len(), having(&["delivered", "read"]), having(&["read"]));
    let failed = having(&["delivered", "read", "failed"]) - delivered;
    let expected = json!({
        "sent": all.to_string(), "delivered": delivered.to_string(),
        "read": read.to_string(), "failed": failed.to_string()
    });
    let mut log =
        "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category\n".to_owned();
    for message in acknowledged.keys() {
        let number = u64::from_str_radix(message.trim_start_matches("wamid.SIM"), 16)?;
        let recipient = 3_300_000_000 + number % 1_000_000;
        writeln!(log, "{message},{NUMBER},39{recipient:010},2026-09-01T08:00:00Z,template,news,it,marketing")?;
    }
    let path = site.folder().join("log.csv");
    std::fs::write(&path, log)?;
    site.run(&["import", "messages", &path.display().to_string(), "--client", "bench"])?;
    let begun = Instant::now();
    loop {
        let found = audit(site)?;
        if found == expected || begun.elapsed() > PATIENCE {
            return Ok((expected, found));
        }
        sleep(Duration::from_secs(2));
    }
}

fn audit(site: &Deployment) -> Result<Value, Failure> {
    let request = "mutation($c: ID!) { auditRequest(input: { clientId: $c }) { audit { id } userErrors { message } } }";
    let asked = site.graphql(request, &json!({ "c": site.client() }))?;
    let id = asked["auditRequest"]["audit"]["id"].as_str().ok_or_else(|| asked.to_string())?;
    let begun = Instant::now();
    let document = "query($id: ID!) { audit(id: $id) { state figures { templates { sent delivered read failed } } } }";
    loop {
        let audit = site.graphql(document, &json!({ "id": id }))?["audit"].take();
        match audit["state"].as_str() {
            Some("QUEUED" | "RUNNING") if begun.elapsed() < PATIENCE => sleep(Duration::from_millis(100)),
            Some("COMPLETED") => return Ok(audit["figures"]["templates"][0].clone()),
            _ => return Err(format!("the audit did not end well: {audit}").into()),
        }
    }
}
