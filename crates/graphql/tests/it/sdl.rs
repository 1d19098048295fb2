//! The schema as data, and documents made from it.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{
            BaseType, ConstDirective, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind,
            TypeSystemDefinition,
        },
    },
};
use serde_json::{Value, json};

/// The types of the schema, by name.
pub(crate) struct Sdl(HashMap<String, TypeDefinition>);

/// A field of a root, and a document that asks for it alone.
pub(crate) struct RootField {
    /// Its name.
    pub(crate) name: String,
    /// Its description.
    pub(crate) description: String,
    /// Asks for it, with its required arguments as variables.
    pub(crate) document: String,
    /// Values of the required arguments.
    pub(crate) variables: Value,
}

/// Which ids arguments of these names want; others are given an id of a client, and are not found.
const IDS: &[(&str, &str)] = &[
    ("activity", domain::ActivityId::PREFIX),
    ("apiToken", domain::ApiTokenId::PREFIX),
    ("assignee", domain::UserId::PREFIX),
    ("attachment", domain::AttachmentId::PREFIX),
    ("audit", domain::AuditId::PREFIX),
    ("auditPreview", domain::AuditPreviewId::PREFIX),
    ("auditProgress", domain::AuditId::PREFIX),
    ("client", domain::ClientId::PREFIX),
    ("correctiveAction", domain::CorrectiveActionId::PREFIX),
    ("declaredAsset", domain::DeclaredAssetId::PREFIX),
    ("enforcementNotice", domain::EnforcementNoticeId::PREFIX),
    ("evidenceExport", domain::EvidenceExportId::PREFIX),
    ("finding", domain::FindingId::PREFIX),
    ("import", domain::ImportId::PREFIX),
    ("job", domain::JobId::PREFIX),
    ("otherTicket", domain::TicketId::PREFIX),
    ("phoneNumber", domain::PhoneNumberId::PREFIX),
    ("preview", domain::AuditPreviewId::PREFIX),
    ("replyMacro", domain::ReplyMacroId::PREFIX),
    ("savedView", domain::SavedViewId::PREFIX),
    ("schedule", domain::ScheduleId::PREFIX),
    ("slaCalendarVersion", domain::SlaCalendarId::PREFIX),
    ("slaHolidayListVersion", domain::HolidayListId::PREFIX),
    ("slaPolicyVersion", domain::SlaPolicyId::PREFIX),
    ("submission", domain::SubmissionId::PREFIX),
    ("team", domain::TeamId::PREFIX),
    ("template", domain::TemplateId::PREFIX),
    ("thresholdVersion", domain::ThresholdVersionId::PREFIX),
    ("ticket", domain::TicketId::PREFIX),
    ("user", domain::UserId::PREFIX),
    ("waba", domain::WabaId::PREFIX),
    ("webhookDelivery", domain::WebhookDeliveryId::PREFIX),
    ("webhookEndpoint", domain::WebhookEndpointId::PREFIX),
];

impl Sdl {
    pub(crate) fn load() -> Self {
        Self::parse(&graphql::sdl())
    }

    pub(crate) fn parse(text: &str) -> Self {
        let document = parse_schema(text).expect("our own schema can be parsed");
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some((definition.node.name.node.to_string(), definition.node)),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        Self(types.collect())
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = (&str, &TypeDefinition)> {
        self.0.iter().map(|(name, definition)| (name.as_str(), definition))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&TypeDefinition> {
        self.0.get(name)
    }

    fn fields(&self, name: &str) -> &[Positioned<FieldDefinition>] {
        match self.0.get(name).map(|definition| &definition.kind) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        }
    }

    /// The fields of `Query` or `Mutation`.
    pub(crate) fn root(&self, name: &str) -> Vec<RootField> {
        let operation = name.to_lowercase();
        let operation = operation.as_str();
        self.fields(name).iter().map(|field| self.root_field(operation, &field.node)).collect()
    }

    fn root_field(&self, operation: &str, field: &FieldDefinition) -> RootField {
        let required: Vec<&InputValueDefinition> =
            field.arguments.iter().map(|argument| &argument.node).filter(|argument| is_required(argument)).collect();
        let declared: Vec<String> =
            required.iter().map(|argument| format!("${}: {}", argument.name.node, argument.ty.node)).collect();
        let given: Vec<String> =
            required.iter().map(|argument| format!("{name}: ${name}", name = argument.name.node)).collect();
        let braces =
            |parts: Vec<String>| if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
        let name = field.name.node.to_string();
        let variables = required.iter().map(|argument| {
            let argument_name = argument.name.node.as_str();
            // The argument `id` of the field `ticket` wants the id of a ticket.
            let noun = if argument_name == "id" { name.as_str() } else { argument_name };
            (argument_name.to_owned(), self.value(noun, &argument.ty.node))
        });
        RootField {
            description: field.description.as_ref().map(|text| text.node.clone()).unwrap_or_default(),
            variables: Value::Object(variables.collect()),
            document: format!(
                "{operation}{} {{ {name}{}{} }}",
                braces(declared),
                braces(given),
                self.selection(&field.ty.node)
            ),
            name,
        }
    }

    /// The types that implement `Node`, and the prefix of their ids.
    pub(crate) fn nodes(&self) -> Vec<(String, &'static str)> {
        let mut nodes = Vec::new();
        for (name, definition) in &self.0 {
            let TypeKind::Object(object) = &definition.kind else { continue };
            if object.implements.iter().any(|interface| interface.node == "Node") {
                let noun = name[..1].to_lowercase() + &name[1..];
                let prefix = IDS.iter().find(|(known, _)| *known == noun).map(|(_, prefix)| *prefix);
                nodes.push((name.clone(), prefix.unwrap_or_else(|| panic!("add the prefix of {noun} to IDS"))));
            }
        }
        nodes.sort();
        nodes
    }

    /// What tells what was found: the type and, where it has one, the id; of a page its rows, of a payload its things.
    fn selection(&self, ty: &Type) -> String {
        let name = named(&ty.base);
        let Some(definition) = self.0.get(name) else { return String::new() };
        if !matches!(definition.kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)) {
            return String::new();
        }
        let has = |name: &str, field: &str| self.fields(name).iter().any(|known| known.node.name.node == field);
        if let (true, Some(nodes)) =
            (name.ends_with("Connection"), self.fields(name).iter().find(|field| field.node.name.node == "nodes"))
        {
            return format!(" {{ nodes{} }}", self.selection(&nodes.node.ty.node));
        }
        let mut selected = vec!["__typename".to_owned()];
        if has(name, "id") {
            selected.push("id".to_owned());
        }
        if name.ends_with("Payload") {
            for field in self.fields(name) {
                let of = named(&field.node.ty.node.base);
                if has(of, "id") {
                    selected.push(format!("{} {{ id }}", field.node.name.node));
                } else if field.node.name.node == "userErrors" {
                    selected.push("userErrors { code }".to_owned());
                }
            }
        }
        format!(" {{ {} }}", selected.join(" "))
    }

    /// A value that an argument or input field of this name and type takes.
    fn value(&self, name: &str, ty: &Type) -> Value {
        let name = name.trim_end_matches('s');
        let base = match &ty.base {
            BaseType::List(item) => return json!([self.value(name, item)]),
            BaseType::Named(base) => base.as_str(),
        };
        match base {
            "ID" => {
                let noun = name.strip_suffix("Id").unwrap_or(name);
                let prefix = IDS.iter().find(|(known, _)| *known == noun).map_or("cli", |(_, prefix)| prefix);
                json!(format!("{prefix}_01J00000000000000000000000"))
            }
            "Int" => json!(1),
            "Float" => json!(1.0),
            "Boolean" => json!(true),
            "DateTime" => json!("2026-01-01T00:00:00Z"),
            "Date" => json!("2026-01-01"),
            "BigInt" => json!("1"),
            "Json" => json!({}),
            other => match self.0.get(other).map(|definition| &definition.kind) {
                Some(TypeKind::Enum(words)) => json!(words.values[0].node.value.node.as_str()),
                Some(TypeKind::InputObject(input)) => {
                    let one_of = has(&self.0[other].directives, "oneOf");
                    let wanted = input.fields.iter().map(|field| &field.node);
                    let wanted: Vec<_> = if one_of {
                        wanted.take(1).collect()
                    } else {
                        // A client is named wherever one can be.
                        wanted.filter(|field| is_required(field) || field.name.node == "clientId").collect()
                    };
                    let fields = wanted
                        .into_iter()
                        .map(|field| (field.name.node.to_string(), self.value(&field.name.node, &field.ty.node)));
                    Value::Object(fields.collect())
                }
                _ => json!("text"),
            },
        }
    }
}

fn has(directives: &[Positioned<ConstDirective>], name: &str) -> bool {
    directives.iter().any(|directive| directive.node.name.node == name)
}

fn is_required(value: &InputValueDefinition) -> bool {
    !value.ty.node.nullable && value.default_value.is_none()
}

fn named(base: &BaseType) -> &str {
    match base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(&item.base),
    }
}
