//! A finding of an audit, as data and as sentences in the reader's language.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::{FindingId, traffic};
use i18n::FindingFacts;

use super::{
    Audit, Client, EvidenceExport, LintSpan, TemplateComponent,
    audit::words::{FindingComparison, FindingSeverity, SubjectKind},
};
use crate::{
    context::ContextExt as _,
    error::{FieldError, IntoFieldError},
    loaders::Reader,
    page::{Connection, PageArguments, connection},
    scalars::{BigInt, DateTime},
};

/// One thing that a rule found.
#[derive(Debug, Clone)]
pub(crate) struct Finding(pub(crate) domain::audits::Finding);

impl Finding {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<FindingId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: FindingId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// What a finding, or a part of it, is about.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct FindingSubject {
    /// Its kind.
    kind: SubjectKind,
    /// Its id within the client; `null` for the client itself, and for messages of no list or campaign.
    id: Option<String>,
    /// The day (UTC, `YYYY-MM-DD`), for findings about one day.
    day: Option<String>,
    /// The same in words of the reader's language.
    text: String,
}

impl FindingSubject {
    pub(super) fn new(ctx: &Context<'_>, subject: &traffic::Subject) -> Self {
        Self {
            kind: subject.kind.into(),
            id: subject.id.clone(),
            day: subject.day.clone(),
            text: i18n::subject(ctx.op().lang(), subject),
        }
    }
}

/// A number that explains a finding, or a threshold that it was judged by.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct FindingFigure {
    /// Its name.
    name: String,
    /// Its value, when it is a count.
    count: Option<BigInt>,
    /// Its value, when it is a share, factor or score.
    value: Option<f64>,
}

impl FindingFigure {
    /// All figures, by name.
    pub(super) fn all(figures: &BTreeMap<String, traffic::Figure>) -> Vec<Self> {
        let figure = |(name, figure): (&String, &traffic::Figure)| {
            let (count, value) = match figure {
                traffic::Figure::Count(count) => (Some(BigInt(*count)), None),
                traffic::Figure::Value(value) => (None, Some(*value)),
            };
            Self { name: name.clone(), count, value }
        };
        figures.iter().map(figure).collect()
    }
}

/// A part of a finding's subject.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct FindingPart {
    /// The part.
    subject: FindingSubject,
    /// Messages.
    messages: BigInt,
    /// Distinct recipients.
    recipients: BigInt,
}

/// Where in a template something was found.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct FindingPlace {
    /// The component.
    component: TemplateComponent,
    /// The button's place among the buttons, from 0.
    button: Option<u32>,
    /// Which characters; `null` when it is about the component as a whole.
    span: Option<LintSpan>,
    /// Why, such as `variable_at_start`; an open list.
    code: &'static str,
}

impl From<&traffic::Place> for FindingPlace {
    fn from(place: &traffic::Place) -> Self {
        Self {
            component: place.component.into(),
            button: place.button,
            span: place.span.map(Into::into),
            code: place.code.as_str(),
        }
    }
}

/// A message that shows what was found. Never holds a recipient in clear.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct FindingSample {
    /// Meta's id of the message.
    message_id: String,
    /// When it was sent.
    sent_at: DateTime,
    /// Meta's id of the sending number.
    phone_number_id: String,
    /// Name of the template, if it was one.
    template_name: Option<String>,
    /// Language of the template.
    template_language: Option<String>,
    /// The contact list.
    list_id: Option<String>,
    /// The campaign.
    campaign_id: Option<String>,
    /// Meta's error code, if it failed with one.
    error_code: Option<u32>,
    /// The recipient with the middle hidden.
    recipient_masked: Option<String>,
}

impl From<&traffic::SampleMessage> for FindingSample {
    fn from(message: &traffic::SampleMessage) -> Self {
        let traffic::SampleMessage { message_id, phone_number_id, template_name, template_language, .. } =
            message.clone();
        let traffic::SampleMessage { list_id, campaign_id, error_code, recipient_masked, sent_at, .. } =
            message.clone();
        Self {
            message_id,
            sent_at: sent_at.into(),
            phone_number_id,
            template_name,
            template_language,
            list_id,
            campaign_id,
            error_code,
            recipient_masked,
        }
    }
}

/// One thing that a rule found.
#[Object]
impl Finding {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The audit that found it.
    async fn audit(&self, ctx: &Context<'_>) -> Result<Option<Audit>> {
        Audit::load(ctx, self.0.audit).await
    }

    /// Whose traffic.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// Stable id of the rule, such as `CON-01`.
    async fn rule(&self) -> &'static str {
        self.0.found.rule.as_str()
    }

    /// How bad it is.
    async fn severity(&self) -> FindingSeverity {
        self.0.found.severity.into()
    }

    /// What it is about.
    async fn subject(&self, ctx: &Context<'_>) -> FindingSubject {
        FindingSubject::new(ctx, &self.0.found.subject)
    }

    /// Messages that it counts.
    async fn messages(&self) -> BigInt {
        BigInt(self.0.found.messages)
    }

    /// Distinct recipients that it counts.
    async fn recipients(&self) -> BigInt {
        BigInt(self.0.found.recipients)
    }

    /// Numbers that explain it, and the thresholds that it was judged by, by name.
    async fn figures(&self) -> Vec<FindingFigure> {
        FindingFigure::all(&self.0.found.figures)
    }

    /// The parts of the subject that contribute most, greatest first.
    async fn breakdown(&self, ctx: &Context<'_>) -> Vec<FindingPart> {
        let part = |part: &traffic::Part| FindingPart {
            subject: FindingSubject::new(ctx, &part.subject),
            messages: BigInt(part.messages),
            recipients: BigInt(part.recipients),
        };
        self.0.found.breakdown.iter().map(part).collect()
    }

    /// Where in the template it is, when it is about the content of one.
    async fn places(&self) -> Vec<FindingPlace> {
        self.0.found.places.iter().map(Into::into).collect()
    }

    /// Some of the messages.
    async fn sample(&self) -> Vec<FindingSample> {
        self.0.found.sample.iter().map(Into::into).collect()
    }

    /// The rule's name, in the reader's language.
    async fn title(&self, ctx: &Context<'_>) -> String {
        i18n::rule_name(ctx.op().lang(), self.0.found.rule)
    }

    /// What was found, as a sentence in the reader's language.
    async fn explanation(&self, ctx: &Context<'_>) -> String {
        i18n::finding(ctx.op().lang(), &FindingFacts::from(&self.0.found))
    }

    /// What to do about it, in order, in the reader's language.
    async fn remedy(&self, ctx: &Context<'_>) -> Vec<String> {
        i18n::remedy(ctx.op().lang(), self.0.found.rule)
    }

    /// How it stands to the audits before.
    async fn comparison(&self) -> FindingComparison {
        self.0.comparison.into()
    }

    /// When the audit was asked for that began the unbroken row of audits with this finding.
    async fn first_seen_at(&self) -> DateTime {
        self.0.first_seen_at.into()
    }

    /// Files with all of its messages that were asked for, the latest first.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn exports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<EvidenceExport>> {
        let arguments = PageArguments::parse(&format!("exports:{}", self.0.id), first, after)?.descending();
        let page = app::exports::page(ctx.op(), self.0.id, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, EvidenceExport))
    }

    /// Whether late webhooks can still change it.
    async fn is_provisional(&self) -> bool {
        self.0.is_provisional
    }
}

impl Loader<FindingId> for Reader {
    type Value = Finding;
    type Error = FieldError;

    async fn load(&self, ids: &[FindingId]) -> Result<HashMap<FindingId, Finding>, FieldError> {
        let findings = app::audits::findings_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(findings.into_iter().map(|finding| (finding.id, Finding(finding))).collect())
    }
}
