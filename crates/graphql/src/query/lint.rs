//! The lint of a template before it is submitted.

use app::assets::{LintTemplate, lint_template};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::traffic::{Category, ClientFacts, Permit, TemplateButton, TemplateContent, TemplateHeader};

use crate::{
    context::ContextExt as _,
    error::{IntoFieldError, bad_input},
    id::optional,
    types::TemplateLint,
};

/// Most characters of one text, most items of one list: far beyond what Meta takes, so that a lint can say by how much.
const TEXT: usize = 10_000;
const LIST: usize = 100;

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TemplateCategory {
    /// Promotes.
    Marketing,
    /// Follows up on something the person asked for.
    Utility,
    /// One-time codes.
    Authentication,
}

/// The header of a template.
#[derive(Debug, InputObject)]
pub(crate) struct TemplateHeaderInput {
    /// `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT` or `LOCATION`; `TEXT` when absent.
    format: Option<String>,
    /// The text of a `TEXT` header.
    text: Option<String>,
    /// A sample value for each variable.
    samples: Option<Vec<String>>,
}

/// A button of a template.
#[derive(Debug, InputObject)]
pub(crate) struct TemplateButtonInput {
    /// `QUICK_REPLY`, `URL`, `PHONE_NUMBER`, `COPY_CODE`, ….
    kind: String,
    /// What stands on it.
    text: Option<String>,
    /// Where it leads.
    url: Option<String>,
    /// A sample value for each variable of the address.
    samples: Option<Vec<String>>,
}

/// A template to be linted, and what is known around it.
#[derive(Debug, InputObject)]
pub(crate) struct TemplateLintInput {
    /// Whose it will be: its thresholds hold, and its templates that were rejected, paused or disabled are compared with.
    client_id: Option<ID>,
    /// Name.
    name: String,
    /// Language code, as Meta writes it: `it`, `en_US`.
    language: String,
    /// Category that is asked for.
    category: Option<TemplateCategory>,
    /// The header.
    header: Option<TemplateHeaderInput>,
    /// Text of the body.
    body: Option<String>,
    /// A sample value for each variable of the body.
    body_samples: Option<Vec<String>>,
    /// Text of the footer.
    footer: Option<String>,
    /// Buttons, in order.
    buttons: Option<Vec<TemplateButtonInput>>,
    /// Domains that are proved to be the client's; without them no link is foreign.
    verified_domains: Option<Vec<String>>,
    /// Regulated trades for which the client has a permit: `alcohol`, `gambling`, `otc_drugs`.
    permits: Option<Vec<String>>,
}

impl TemplateLintInput {
    fn read(self) -> Result<LintTemplate> {
        self.check()?;
        let category = self.category.map(|category| match category {
            TemplateCategory::Marketing => Category::Marketing,
            TemplateCategory::Utility => Category::Utility,
            TemplateCategory::Authentication => Category::Authentication,
        });
        let header = self.header.map(|header| TemplateHeader {
            format: header.format.map_or_else(|| "TEXT".to_owned(), |format| format.to_ascii_uppercase()),
            text: header.text,
            samples: header.samples,
        });
        let button = |button: TemplateButtonInput| TemplateButton {
            kind: button.kind.to_ascii_uppercase(),
            text: button.text,
            url: button.url,
            samples: button.samples,
        };
        let permit = |trade: String| Permit { trade: trade.trim().to_lowercase(), countries: Vec::new() };
        Ok(LintTemplate {
            client: optional(self.client_id.as_ref())?,
            template: TemplateContent {
                name: self.name,
                language: self.language,
                category,
                header,
                body: self.body,
                body_samples: self.body_samples,
                footer: self.footer,
                buttons: self.buttons.into_iter().flatten().map(button).collect(),
                ..TemplateContent::default()
            },
            facts: ClientFacts {
                verified_domains: self
                    .verified_domains
                    .map(|domains| domains.iter().map(|domain| domain.trim().to_lowercase()).collect()),
                permits: self.permits.map(|permits| permits.into_iter().map(permit).collect()),
                ..ClientFacts::default()
            },
        })
    }

    fn check(&self) -> Result<()> {
        let header = self.header.as_ref();
        let buttons = self.buttons.as_deref().unwrap_or_default();
        let lists = [&self.body_samples, &self.verified_domains, &self.permits]
            .into_iter()
            .chain(header.map(|header| &header.samples))
            .chain(buttons.iter().map(|button| &button.samples));
        let lists: Vec<&Vec<String>> = lists.flatten().collect();
        let texts = [Some(&self.name), Some(&self.language), self.body.as_ref(), self.footer.as_ref()]
            .into_iter()
            .chain(header.map(|header| header.text.as_ref()))
            .chain(buttons.iter().flat_map(|button| [Some(&button.kind), button.text.as_ref(), button.url.as_ref()]))
            .flatten()
            .chain(lists.iter().copied().flatten());
        if buttons.len() > LIST || lists.iter().any(|list| list.len() > LIST) {
            return Err(bad_input(format!("give at most {LIST} buttons, samples, domains and permits")));
        }
        if texts.into_iter().any(|text| text.len() > TEXT) {
            return Err(bad_input(format!("a text of the template is longer than {TEXT} bytes")));
        }
        Ok(())
    }
}

/// The lint of templates.
#[derive(Debug, Default)]
pub(crate) struct LintQuery;

#[Object]
impl LintQuery {
    /// What a review would object to in a template: to be asked before it is submitted. Nothing is kept. Requires `assets:read`.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn template_lint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The template.")] input: TemplateLintInput,
    ) -> Result<TemplateLint> {
        let linted = lint_template(ctx.op(), input.read()?).await.map_err(IntoFieldError::into_field_error)?;
        Ok(TemplateLint(linted))
    }
}
