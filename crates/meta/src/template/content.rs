//! A template as the rules of an audit want it: texts and samples, without the Graph API's shapes.

use domain::traffic::{Category as TrafficCategory, TemplateButton, TemplateContent, TemplateHeader};
use serde_json::Value;

use super::{Category, Template};
use crate::value::Object;

impl Template {
    /// The template's texts, samples and standing. What Meta names by a word that is not known becomes absent (category) or is
    /// kept in upper case (status, score).
    #[must_use]
    pub fn content(&self) -> TemplateContent {
        let components = &self.components;
        TemplateContent {
            name: self.name.clone(),
            language: self.language.clone(),
            category: self.category.as_ref().and_then(category),
            previous_category: self.previous_category.as_ref().and_then(category),
            status: self.status.as_ref().map(|status| status.as_str().to_uppercase()),
            status_since: None,
            quality: self.quality.as_ref().map(|quality| quality.score.as_str().to_uppercase()),
            quality_since: self.quality.as_ref().and_then(|quality| quality.since),
            rejected_reason: self.rejected_reason.clone(),
            header: components.header.as_ref().map(|header| TemplateHeader {
                format: header.format.clone(),
                text: header.text.clone(),
                samples: self.samples("HEADER", "header_text"),
            }),
            body: self.body_text().map(str::to_owned),
            body_samples: self.samples("BODY", "body_text"),
            footer: components.footer.as_ref().and_then(|footer| footer.text.clone()),
            buttons: self.buttons(),
        }
    }

    /// The `example` of a component: `{"body_text": [["Ada", "3"]]}`, `{"header_text": ["Ada"]}`, or with named variables
    /// `{"body_text_named_params": [{"param_name": "name", "example": "Ada"}]}`.
    fn samples(&self, component: &str, field: &str) -> Option<Vec<String>> {
        let example = self.parts().find(|part| is_of_type(part, component))?.get("example")?.as_object()?;
        let named = example.get(&format!("{field}_named_params")).and_then(Value::as_array);
        if let Some(named) = named {
            return Some(named.iter().filter_map(|sample| text(sample.get("example")?)).collect());
        }
        match example.get(field)? {
            Value::Array(samples) => match samples.first() {
                Some(Value::Array(first)) => Some(first.iter().filter_map(text).collect()),
                _ => Some(samples.iter().filter_map(text).collect()),
            },
            sample => text(sample).map(|sample| vec![sample]),
        }
    }

    fn buttons(&self) -> Vec<TemplateButton> {
        let raw: Vec<&Object> = self
            .parts()
            .filter(|part| is_of_type(part, "BUTTONS"))
            .filter_map(|part| part.get("buttons")?.as_array())
            .flatten()
            .filter_map(Value::as_object)
            .filter(|button| button.get("type").is_some_and(Value::is_string))
            .collect();
        let sample = |position: usize| match raw.get(position)?.get("example")? {
            Value::Array(samples) => Some(samples.iter().filter_map(text).collect()),
            sample => text(sample).map(|sample| vec![sample]),
        };
        let button = |(position, button): (usize, &super::Button)| TemplateButton {
            kind: button.kind.clone(),
            text: button.text.clone(),
            url: button.url.clone(),
            samples: sample(position),
        };
        self.components.buttons.iter().enumerate().map(button).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Object> {
        self.components.raw.as_array().into_iter().flatten().filter_map(Value::as_object)
    }
}

fn is_of_type(part: &Object, component: &str) -> bool {
    part.get("type").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case(component))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn category(category: &Category) -> Option<TrafficCategory> {
    match category {
        Category::Marketing => Some(TrafficCategory::Marketing),
        Category::Utility => Some(TrafficCategory::Utility),
        Category::Authentication => Some(TrafficCategory::Authentication),
        Category::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn samples_are_found_in_every_shape_of_the_graph_api() {
        let template = Template::from_value(json!({
            "id": "1", "name": "ordine", "language": "it", "category": "UTILITY", "status": "approved",
            "components": [
                {"type": "HEADER", "format": "TEXT", "text": "Ciao {{1}}", "example": {"header_text": ["Ada"]}},
                {"type": "BODY", "text": "{{1}} e {{2}}", "example": {"body_text": [["uno", 2], ["altro", "3"]]}},
                {"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Stop"},
                    {"type": "URL", "text": "Apri", "url": "https://example.com/{{1}}", "example": ["https://example.com/a"]}]}]
        }))
        .unwrap()
        .content();
        assert_eq!(template.category, Some(TrafficCategory::Utility));
        assert_eq!(template.status.as_deref(), Some("APPROVED"));
        assert_eq!(template.header.unwrap().samples.unwrap(), ["Ada"]);
        assert_eq!(template.body_samples.unwrap(), ["uno", "2"]);
        assert_eq!(template.buttons[0].samples, None);
        assert_eq!(template.buttons[1].samples.as_deref(), Some(&["https://example.com/a".to_owned()][..]));
    }

    #[test]
    fn named_variables_have_samples_too() {
        let template = Template::from_value(json!({
            "id": "1", "name": "ordine", "language": "it", "components": [
                {"type": "BODY", "text": "Ciao {{nome}}",
                 "example": {"body_text_named_params": [{"param_name": "nome", "example": "Ada"}]}}]
        }))
        .unwrap()
        .content();
        assert_eq!(template.body_samples.unwrap(), ["Ada"]);
        assert_eq!((template.category, template.header), (None, None));
    }
}
