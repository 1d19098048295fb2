//! The schema as it is published.

use std::path::Path;

use async_graphql::{
    Positioned,
    parser::types::{InputValueDefinition, TypeKind},
};

use crate::sdl::Sdl;

/// `SBLOCCO_BLESS=1 cargo test -p graphql` writes the file anew.
#[test]
fn the_published_schema_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema.graphql");
    let served = graphql::sdl();
    if std::env::var_os("SBLOCCO_BLESS").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = served.lines().zip(published.lines()).position(|(served, published)| served != published);
    let line = differing.unwrap_or_else(|| served.lines().count().min(published.lines().count())) + 1;
    assert!(
        served == published,
        "schema.graphql differs from the schema at line {line}: run the tests once with SBLOCCO_BLESS=1, and look at the change"
    );
}

#[test]
fn everything_in_the_schema_is_described() {
    let mut silent = Vec::new();
    let mut check = |what: String, description: Option<&Positioned<String>>| {
        if description.is_none_or(|text| text.node.trim().is_empty()) {
            silent.push(what);
        }
    };
    for (name, definition) in Sdl::load().types() {
        // A connection is the library's, and its name says it all.
        if !name.ends_with("Connection") {
            check(name.to_owned(), definition.description.as_ref());
        }
        let fields = match &definition.kind {
            TypeKind::Object(object) => &object.fields[..],
            TypeKind::Interface(interface) => &interface.fields[..],
            TypeKind::Enum(words) => {
                for word in &words.values {
                    check(format!("{name}.{}", word.node.value.node), word.node.description.as_ref());
                }
                &[]
            }
            TypeKind::InputObject(input) => {
                values(name, &input.fields, &mut check);
                &[]
            }
            TypeKind::Scalar | TypeKind::Union(_) => &[],
        };
        for field in fields {
            let path = format!("{name}.{}", field.node.name.node);
            values(&path, &field.node.arguments, &mut check);
            check(path, field.node.description.as_ref());
        }
    }
    silent.sort();
    assert!(silent.is_empty(), "without a description:\n  {}\n", silent.join("\n  "));
}

fn values(
    owner: &str,
    values: &[Positioned<InputValueDefinition>],
    check: &mut impl FnMut(String, Option<&Positioned<String>>),
) {
    for value in values {
        check(format!("{owner}.{}", value.node.name.node), value.node.description.as_ref());
    }
}

#[test]
fn a_field_of_a_root_that_fails_takes_no_other_with_it() {
    let sdl = Sdl::load();
    for root in ["Query", "Mutation"] {
        let Some(TypeKind::Object(root)) = sdl.get(root).map(|definition| &definition.kind) else { panic!("{root}") };
        for field in &root.fields {
            assert!(field.node.ty.node.nullable, "{} cannot be null", field.node.name.node);
        }
    }
}

#[test]
fn what_a_person_can_mend_is_told_in_one_form() {
    let sdl = Sdl::load();
    let mut families = std::collections::BTreeSet::new();
    for (name, definition) in sdl.types() {
        let TypeKind::Object(object) = &definition.kind else { continue };
        let Some(errors) = object.fields.iter().find(|field| field.node.name.node == "userErrors") else { continue };
        let ty = errors.node.ty.node.to_string();
        let family = ty.strip_prefix('[').and_then(|ty| ty.strip_suffix("!]!"));
        let family = family.unwrap_or_else(|| panic!("{name}.userErrors is {ty}"));
        let Some(TypeKind::Object(error)) = sdl.get(family).map(|family| &family.kind) else {
            panic!("{family} is no object")
        };
        assert!(error.implements.iter().any(|with| with.node == "UserError"), "{family} is no UserError");
        let code = error.fields.iter().find(|field| field.node.name.node == "code").unwrap();
        let code = code.node.ty.node.to_string();
        let is_enum = sdl.get(code.trim_end_matches('!')).is_some_and(|code| matches!(code.kind, TypeKind::Enum(_)));
        assert!(is_enum && code.ends_with('!'), "{family}.code is {code}");
        families.insert(family.to_owned());
    }
    assert!(families.len() > 10, "{families:?}");
}

#[test]
fn every_list_without_a_bound_is_a_connection_with_a_page() {
    let sdl = Sdl::load();
    for (name, definition) in sdl.types() {
        let TypeKind::Object(object) = &definition.kind else { continue };
        for field in &object.fields {
            let ty = field.node.ty.node.to_string();
            if ty.trim_end_matches('!').ends_with("Connection") {
                let arguments: Vec<&str> =
                    field.node.arguments.iter().map(|argument| argument.node.name.node.as_str()).collect();
                for wanted in ["first", "after"] {
                    assert!(arguments.contains(&wanted), "{name}.{} has no `{wanted}`", field.node.name.node);
                }
            }
        }
    }
}
