//! Measurements, as Prometheus reads them. No label names a client: their number has no bound.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
pub use metrics_exporter_prometheus::PrometheusHandle;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};

const REQUESTS: &str = "sblocco_http_requests_total";
const DURATION: &str = "sblocco_http_request_duration_seconds";
const REFUSED: &str = "sblocco_graphql_refused_total";
const COST: &str = "sblocco_graphql_cost_points";
const DEPRECATED: &str = "sblocco_graphql_deprecated_total";
const DENIED: &str = "sblocco_denied_total";
const UNTRUSTED: &str = "sblocco_graphql_untrusted_documents_total";
const SOCKETS: &str = "sblocco_sockets";
const SOCKETS_CLOSED: &str = "sblocco_sockets_closed_total";
const IMPORTS: &str = "sblocco_http_imports_total";
const WEBHOOKS: &str = "sblocco_webhooks_total";
const WEBHOOKS_WAITING: &str = "sblocco_webhooks_waiting";
const WEBHOOKS_DEALT_WITH: &str = "sblocco_webhooks_dealt_with_total";
const WEBHOOKS_DELAY: &str = "sblocco_webhooks_delay_seconds";
const JOBS: &str = "sblocco_jobs";
const BUILD: &str = "sblocco_build_info";

/// Upper bounds of the latencies' buckets, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Upper bounds of the buckets of costs, in points.
const POINTS: [f64; 8] = [1.0, 5.0, 25.0, 100.0, 250.0, 1_000.0, 2_500.0, 5_000.0];

/// How often the recorder is to be tended: [`PrometheusHandle::run_upkeep`].
pub const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the recorder of this process and returns what renders it.
///
/// # Errors
/// [`BuildError`] when one was installed before.
pub fn install(version: &'static str) -> Result<PrometheusHandle, BuildError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &BUCKETS)?
        .set_buckets_for_metric(Matcher::Full(COST.to_owned()), &POINTS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    describe_counter!(REQUESTS, "Requests answered, by method, route and status");
    describe_histogram!(DURATION, Unit::Seconds, "Time to the head of the answer, by route");
    describe_counter!(REFUSED, "GraphQL documents that were not executed, by the limit or rule that refused them");
    describe_counter!(DEPRECATED, "Documents that asked for a field that is to go, by field; the log tells of whom");
    describe_counter!(
        DENIED,
        "What was asked by somebody who may not: with a bad credential, by nobody, by somebody without the permission"
    );
    describe_histogram!(COST, "What executed GraphQL documents cost, in points");
    describe_counter!(UNTRUSTED, "GraphQL documents that are not trusted, by whether they were refused");
    describe_gauge!(SOCKETS, "WebSockets that are open");
    describe_counter!(SOCKETS_CLOSED, "WebSockets that were closed, by code");
    describe_counter!(IMPORTS, "Uploads to /v1/imports, by kind and outcome");
    describe_counter!(WEBHOOKS, "Webhooks received, by outcome; of those that are not stored nothing else is kept");
    describe_gauge!(WEBHOOKS_WAITING, "Bodies in the inbox of webhooks that are not dealt with yet, by consumer");
    describe_counter!(WEBHOOKS_DEALT_WITH, "Bodies of webhooks that were dealt with, by consumer");
    describe_gauge!(
        WEBHOOKS_DELAY,
        Unit::Seconds,
        "How long the oldest body of the last batch had waited when it was dealt with, by consumer"
    );
    describe_gauge!(JOBS, "Jobs of the ledger that are not done, by kind and state; the same whichever process tells");
    describe_gauge!(BUILD, "1, with the version of this program");
    gauge!(BUILD, "version" => version).set(1.0);
    Ok(handle)
}

/// A request was answered.
pub(crate) fn request(method: &'static str, route: &str, status: u16, taken: Duration) {
    counter!(REQUESTS, "method" => method, "route" => route.to_owned(), "status" => status.to_string()).increment(1);
    histogram!(DURATION, "route" => route.to_owned()).record(taken.as_secs_f64());
}

/// A document was refused, for the limit or rule of this name.
pub(crate) fn refused(limit: &'static str) {
    counter!(REFUSED, "limit" => limit).increment(1);
}

/// A document asked for a field, `Type.field`, that is to go.
pub(crate) fn deprecated(field: &str) {
    counter!(DEPRECATED, "field" => field.to_owned()).increment(1);
}

/// Who asked what it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Whoever showed a credential that is not good.
    Credential,
    /// Nobody: there was no credential.
    Nobody,
    /// Somebody who lacks the permission.
    WithoutPermission,
}

/// Somebody asked what it may not. Of people and programs the activity log tells more; of nobody, and of bad credentials, which anybody
/// could send without end, nothing else is kept.
pub(crate) fn denied(who: Denied) {
    let asked = match who {
        Denied::Credential => "credential",
        Denied::Nobody => "nobody",
        Denied::WithoutPermission => "without permission",
    };
    counter!(DENIED, "asked" => asked).increment(1);
}

/// An executed document cost so many points.
pub(crate) fn cost(points: u64) {
    histogram!(COST).record(points as f64);
}

/// A document came that is not trusted.
pub(crate) fn untrusted_document(refused: bool) {
    counter!(UNTRUSTED, "refused" => if refused { "true" } else { "false" }).increment(1);
}

/// A socket was opened.
pub(crate) fn socket_opened() {
    gauge!(SOCKETS).increment(1.0);
}

/// A socket was closed.
pub(crate) fn socket_closed(code: u16) {
    gauge!(SOCKETS).decrement(1.0);
    counter!(SOCKETS_CLOSED, "code" => code.to_string()).increment(1);
}

/// An upload ended.
pub(crate) fn import(kind: &'static str, outcome: &'static str) {
    counter!(IMPORTS, "kind" => kind, "outcome" => outcome).increment(1);
}

/// A webhook was answered.
pub(crate) fn webhook(outcome: &'static str) {
    counter!(WEBHOOKS, "outcome" => outcome).increment(1);
}

/// So many bodies wait for a consumer of webhooks.
pub fn webhooks_waiting(consumer: &'static str, bodies: u64) {
    gauge!(WEBHOOKS_WAITING, "consumer" => consumer).set(bodies as f64);
}

/// A batch of so many bodies was dealt with, the oldest of them so long after it came.
pub fn webhooks_dealt_with(consumer: &'static str, bodies: usize, delay: Duration) {
    counter!(WEBHOOKS_DEALT_WITH, "consumer" => consumer).increment(bodies as u64);
    gauge!(WEBHOOKS_DELAY, "consumer" => consumer).set(delay.as_secs_f64());
}

/// So many jobs of `kind` are in `state`.
pub fn jobs(kind: &str, state: &'static str, count: u64) {
    gauge!(JOBS, "kind" => kind.to_owned(), "state" => state).set(count as f64);
}

/// What `work` measures.
#[cfg(test)]
pub(crate) fn measured(work: impl Future<Output = ()>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    // One thread, so that whatever is spawned is measured too.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(work));
    recorder.handle().render()
}
