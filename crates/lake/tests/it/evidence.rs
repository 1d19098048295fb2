//! All messages of a finding: as many as it counts, masked unless told otherwise, the same file each time.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use domain::enforcement::{Restriction, RestrictionType};
use domain::evidence::EvidenceFormat;
use domain::imports::{FileFormat, ImportKind};
use domain::ports::{
    AuditRequest, CancelFlag, EvidenceRequest, EvidenceWritten, ImportRequest, Lake as _, ManualClock, SeededRandom,
    Snapshot,
};
use domain::traffic::{
    AuditParameters, Category, Finding, NumberFacts, PlatformEvent, PlatformEventKind, Profile, Report, RuleId,
    Surroundings, TemplateContent, Thresholds, instant_of_micros,
};
use domain::{ClientId, Instant};
use lake::evidence::Evidence;
use lake::{FilesAudit, Lake, LakeOptions, Location, audit_files, audit_files_with};

use super::traffic::{HOUR, T0, Traffic};

struct World {
    folder: tempfile::TempDir,
    lake: Lake,
    request: AuditRequest,
}

impl World {
    async fn new(messages: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Instant::from_timestamp_micros(T0).unwrap();
        let random = SeededRandom::new(1);
        let client = ClientId::new(now, &random);
        let options = LakeOptions { memory: Some(1 << 20), threads: NonZero::new(2), temporary: None };
        let location = Location::Folder(folder.path().join("lake"));
        let lake = Lake::open(&location, options, Arc::new(ManualClock::at(now)), Arc::new(random)).unwrap();
        let files = Traffic::sample(messages).write(folder.path(), "csv");
        let mut segments = Vec::new();
        for (kind, path) in [
            (ImportKind::Messages, &files.messages),
            (ImportKind::Inbound, &files.inbound),
            (ImportKind::Consents, &files.consents),
        ] {
            let format = FileFormat::of(path).unwrap();
            let path = path.clone();
            let request = ImportRequest { client, kind, path, format, strict: false, recorded_at: None };
            segments
                .extend(lake.import(request, None, Arc::new(|_| {}), CancelFlag::default()).await.unwrap().segments);
        }
        let request = AuditRequest {
            client,
            snapshot: Snapshot { segments },
            parameters: AuditParameters {
                from: None,
                to: None,
                profile: Profile::Full,
                messaging_limit: None,
                as_of: now,
            },
            thresholds: Thresholds::default(),
            surroundings: Surroundings::default(),
        };
        Self { folder, lake, request }
    }

    async fn report(&self) -> Report {
        self.lake.audit(self.request.clone(), Arc::new(|_| {}), CancelFlag::default()).await.unwrap()
    }

    async fn write(&self, finding: &Finding, format: EvidenceFormat, masked: bool, path: &str) -> EvidenceWritten {
        let request = EvidenceRequest {
            audit: self.request.clone(),
            finding: finding.clone(),
            format,
            masked,
            path: path.to_owned(),
        };
        self.lake.evidence(request, Arc::new(|_| {}), CancelFlag::default()).await.unwrap()
    }

    async fn bytes(&self, path: &str) -> Vec<u8> {
        let mut reader = self.lake.open(path).await.unwrap();
        let mut all = Vec::new();
        while let Some(piece) = reader.next().await.unwrap() {
            all.extend(piece);
        }
        all
    }
}

/// Whether a text holds a number of the traffic in clear.
fn shows_a_number(text: &str) -> bool {
    text.match_indices("39333").any(|(at, _)| text[at..].bytes().take(12).filter(u8::is_ascii_digit).count() == 12)
}

#[tokio::test]
async fn every_finding_of_messages_gives_as_many_rows_as_it_counts_in_every_format() {
    let world = World::new(6_000).await;
    let report = world.report().await;
    let (mut rules, mut wrong) = (std::collections::BTreeSet::new(), Vec::new());
    for (number, finding) in report.findings.iter().enumerate() {
        rules.insert(finding.rule.as_str());
        let path = format!("evidence/{number}.csv");
        let written = world.write(finding, EvidenceFormat::Csv, true, &path).await;
        if written.rows != finding.messages {
            wrong.push(format!("{}: {} rows for {} messages", finding.fingerprint, written.rows, finding.messages));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rules.len() >= 4, "{rules:?}");
    let finding = &report.findings[0];
    for format in [EvidenceFormat::Ndjson, EvidenceFormat::Parquet] {
        let path = format!("evidence/other.{format}");
        assert_eq!(world.write(finding, format, false, &path).await.rows, finding.messages);
        assert_eq!(
            world.bytes(&path).await.len() as u64,
            std::fs::metadata(world.folder.path().join("lake").join(&path)).unwrap().len()
        );
    }
}

#[tokio::test]
async fn a_masked_file_never_holds_a_number_and_the_hash_is_that_of_the_file() {
    let world = World::new(2_000).await;
    let report = world.report().await;
    for (number, finding) in report.findings.iter().enumerate() {
        for (format, masked) in
            [(EvidenceFormat::Csv, true), (EvidenceFormat::Ndjson, true), (EvidenceFormat::Csv, false)]
        {
            let path = format!("evidence/{number}-{masked}.{format}");
            let written = world.write(finding, format, masked, &path).await;
            let bytes = world.bytes(&path).await;
            assert_eq!(written.bytes, bytes.len() as u64);
            assert_eq!(written.sha256, sha256(&bytes));
            let text = String::from_utf8(bytes).unwrap();
            // A finding of volumes or rates may have no rows, and then shows nobody.
            assert_eq!(shows_a_number(&text), !masked && written.rows > 0, "{path}");
        }
    }
}

#[tokio::test]
async fn the_same_evidence_makes_the_same_file() {
    let world = World::new(2_000).await;
    let report = world.report().await;
    let finding = report.findings.iter().max_by_key(|finding| finding.messages).unwrap();
    let first = world.write(finding, EvidenceFormat::Ndjson, false, "evidence/1").await;
    assert_eq!(world.write(finding, EvidenceFormat::Ndjson, false, "evidence/2").await, first);
}

#[tokio::test]
async fn evidence_of_a_segment_that_is_damaged_fails_and_leaves_nothing() {
    let world = World::new(500).await;
    let report = world.report().await;
    let segment = world.folder.path().join("lake").join(&world.request.snapshot.segments[0].path);
    std::fs::remove_file(&segment).unwrap();
    let finding = &report.findings[0];
    let request = EvidenceRequest {
        audit: world.request.clone(),
        finding: finding.clone(),
        format: EvidenceFormat::Csv,
        masked: true,
        path: "evidence/x.csv".to_owned(),
    };
    let failed = world.lake.evidence(request, Arc::new(|_| {}), CancelFlag::default()).await.unwrap_err();
    assert!(failed.message.contains(&world.request.snapshot.segments[0].path), "{failed}");
    assert!(!world.folder.path().join("lake/evidence/x.csv").exists());
}

/// The report of an audit of files, and what was written of each of its findings. `request` makes the same audit each time.
fn written_of(request: impl Fn() -> FilesAudit<'static>, folder: &Path) -> (Report, Vec<lake::evidence::Written>) {
    let report = audit_files(request()).unwrap().report;
    let named = report.findings.iter().enumerate();
    let findings = named.map(|(number, finding)| (format!("{number}.ndjson"), finding.into())).collect();
    let evidence = Evidence::folder(folder, findings, true).unwrap();
    let again = audit_files_with(request(), &evidence).unwrap();
    assert_eq!(again.report, report);
    (report, evidence.finish_folder().unwrap())
}

#[test]
fn files_give_the_evidence_of_all_findings_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = Traffic::sample(6_000).write(folder.path(), "csv");
    let (report, written) = written_of(|| files.request(), folder.path());
    for (finding, written) in report.findings.iter().zip(&written) {
        let bytes = std::fs::read(&written.path).unwrap();
        assert_eq!((written.bytes, &written.sha256), (bytes.len() as u64, &sha256(&bytes)), "{}", finding.fingerprint);
        assert_eq!(bytes.split(|byte| *byte == b'\n').count() as u64 - 1, written.rows);
        assert_eq!(written.rows, finding.messages, "{}", finding.fingerprint);
        assert!(!shows_a_number(&String::from_utf8(bytes).unwrap()), "{}", finding.fingerprint);
    }
}

/// A limit of one person, a number that is new and was blocked for a day, and a template that begins with a variable and offers no
/// way out.
fn troubled() -> Surroundings {
    let at = |after: i64| instant_of_micros(T0 + after);
    let block = PlatformEventKind::Restriction {
        violation: None,
        restrictions: vec![Restriction {
            restriction_type: RestrictionType::BusinessInitiatedMessaging,
            raw_type: None,
            ends_at: Some(at(48 * HOUR)),
        }],
    };
    Surroundings {
        messaging_limit: Some(1),
        campaigns: Some(vec![]),
        numbers: Some(vec![NumberFacts { id: "1002".into(), account: None, first_used_at: Some(at(0)) }]),
        templates: Some(vec![TemplateContent {
            name: "tpl_1".into(),
            language: "it".into(),
            category: Some(Category::Marketing),
            body: Some("{{1}}, la nuova collezione ti aspetta in negozio.".into()),
            ..TemplateContent::default()
        }]),
        events: Some(vec![PlatformEvent::new(at(24 * HOUR), block)]),
        ..Surroundings::default()
    }
}

#[test]
fn rules_that_count_messages_as_a_whole_give_them_all() {
    use RuleId::{Con10, Con11, Enf03, Lim01, Ops01, Tpl07, Vol03, Wrm01, Wrm06};
    let folder = tempfile::tempdir().unwrap();
    let mut traffic = Traffic::sample(6_000);
    // For an hour nothing comes back.
    let silence = T0 + 60 * HOUR..T0 + 61 * HOUR;
    for message in traffic.messages.iter_mut().filter(|message| silence.contains(&message.sent_at)) {
        (message.status, message.read_at, message.error_code) = (None, None, None);
    }
    let files = traffic.write(folder.path(), "csv");
    let request = || {
        let mut request = files.request();
        request.inputs.surroundings = troubled();
        let thresholds = &mut request.settings.thresholds;
        thresholds.campaign.messages = 3;
        thresholds.warm_up.ramp_messages = 1;
        thresholds.warm_up.recovery_min_days = 1;
        request
    };
    let (report, written) = written_of(request, folder.path());
    for (finding, written) in report.findings.iter().zip(&written) {
        assert_eq!(written.rows, finding.messages, "{}", finding.fingerprint);
    }
    for rule in [Con10, Con11, Enf03, Lim01, Ops01, Tpl07, Vol03, Wrm01, Wrm06] {
        let messages = report.findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.messages);
        assert!(messages.sum::<u64>() > 0, "{rule}");
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}
