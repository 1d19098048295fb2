//! The schema grows: whatever could be asked of the last release can be asked still, and is answered in the same form.
//!
//! `tests/released.graphql` is the schema of the last release, without descriptions. A release writes it anew, by running the tests once
//! with `SBLOCCO_RELEASE=1`; nothing else does.

use std::path::Path;

use async_graphql::{
    Name, Positioned,
    parser::types::{BaseType, ConstDirective, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind},
};

use crate::sdl::Sdl;

/// What breaks programs that were written for `old`.
fn breaks(old: &Sdl, new: &Sdl) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, before) in old.types() {
        match new.get(name) {
            Some(after) => of_type(name, before, after, &mut broken),
            None => broken.push(format!("{name} is gone")),
        }
    }
    broken.sort();
    broken
}

fn of_type(name: &str, before: &TypeDefinition, after: &TypeDefinition, broken: &mut Vec<String>) {
    match (&before.kind, &after.kind) {
        (TypeKind::Scalar, TypeKind::Scalar) => {}
        (TypeKind::Object(old), TypeKind::Object(new)) => {
            all_there(name, &old.implements, &new.implements, broken);
            of_fields(name, &old.fields, &new.fields, broken);
        }
        (TypeKind::Interface(old), TypeKind::Interface(new)) => {
            all_there(name, &old.implements, &new.implements, broken);
            of_fields(name, &old.fields, &new.fields, broken);
        }
        (TypeKind::Union(old), TypeKind::Union(new)) => all_there(name, &old.members, &new.members, broken),
        (TypeKind::Enum(old), TypeKind::Enum(new)) => {
            for value in old.values.iter().filter(|value| !is_deprecated(&value.node.directives)) {
                if !new.values.iter().any(|still| still.node.value.node == value.node.value.node) {
                    broken.push(format!("{name}.{} is gone", value.node.value.node));
                }
            }
        }
        (TypeKind::InputObject(old), TypeKind::InputObject(new)) => of_inputs(name, &old.fields, &new.fields, broken),
        _ => broken.push(format!("{name} is of another kind")),
    }
}

fn all_there(owner: &str, old: &[Positioned<Name>], new: &[Positioned<Name>], broken: &mut Vec<String>) {
    for name in old.iter().filter(|name| !new.iter().any(|still| still.node == name.node)) {
        broken.push(format!("{owner} is no longer with {}", name.node));
    }
}

fn of_fields(
    owner: &str,
    old: &[Positioned<FieldDefinition>],
    new: &[Positioned<FieldDefinition>],
    broken: &mut Vec<String>,
) {
    for before in old.iter().map(|field| &field.node) {
        let path = format!("{owner}.{}", before.name.node);
        let Some(after) = new.iter().map(|field| &field.node).find(|field| field.name.node == before.name.node) else {
            // What was said to go may go.
            if !is_deprecated(&before.directives) {
                broken.push(format!("{path} is gone"));
            }
            continue;
        };
        if !gives(&before.ty.node, &after.ty.node) {
            broken.push(format!("{path} was {} and gives {}", before.ty.node, after.ty.node));
        }
        of_inputs(&path, &before.arguments, &after.arguments, broken);
    }
}

fn of_inputs(
    owner: &str,
    old: &[Positioned<InputValueDefinition>],
    new: &[Positioned<InputValueDefinition>],
    broken: &mut Vec<String>,
) {
    let default = |value: &InputValueDefinition| value.default_value.as_ref().map(|value| value.node.clone());
    for after in new.iter().map(|value| &value.node) {
        let path = format!("{owner}.{}", after.name.node);
        match old.iter().map(|value| &value.node).find(|value| value.name.node == after.name.node) {
            None if !after.ty.node.nullable && after.default_value.is_none() => {
                broken.push(format!("{path} is new and required"));
            }
            Some(before) if !takes(&before.ty.node, &after.ty.node) => {
                broken.push(format!("{path} was {} and takes {}", before.ty.node, after.ty.node));
            }
            Some(before) if before.default_value.is_some() && default(before) != default(after) => {
                broken.push(format!("{path} means something else where it is absent"));
            }
            None | Some(_) => {}
        }
    }
    for before in old.iter().map(|value| &value.node) {
        let is_there = new.iter().any(|value| value.node.name.node == before.name.node);
        if !is_there && !is_deprecated(&before.directives) {
            broken.push(format!("{owner}.{} is gone", before.name.node));
        }
    }
}

fn is_deprecated(directives: &[Positioned<ConstDirective>]) -> bool {
    directives.iter().any(|directive| directive.node.name.node == "deprecated")
}

/// Whether what is given now is what was given, null no oftener.
fn gives(old: &Type, new: &Type) -> bool {
    (old.nullable || !new.nullable) && same_base(old, new, gives)
}

/// Whether what was taken is taken still, null too.
fn takes(old: &Type, new: &Type) -> bool {
    (new.nullable || !old.nullable) && same_base(old, new, takes)
}

fn same_base(old: &Type, new: &Type, inner: fn(&Type, &Type) -> bool) -> bool {
    match (&old.base, &new.base) {
        (BaseType::Named(old), BaseType::Named(new)) => old == new,
        (BaseType::List(old), BaseType::List(new)) => inner(old, new),
        _ => false,
    }
}

/// A schema without its descriptions, which stand between lines of three quotes.
fn bare(sdl: &str) -> String {
    let mut is_description = false;
    let mut text = String::new();
    for line in sdl.lines() {
        if line.trim() == "\"\"\"" {
            is_description = !is_description;
        } else if !is_description && !line.trim().is_empty() {
            text += line;
            text.push('\n');
        }
    }
    text
}

#[test]
fn what_the_last_release_served_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released.graphql");
    if std::env::var_os("SBLOCCO_RELEASE").is_some() {
        std::fs::write(&path, bare(&graphql::sdl())).unwrap();
    }
    let released = std::fs::read_to_string(&path).unwrap();
    let broken = breaks(&Sdl::parse(&released), &Sdl::load());
    assert!(
        broken.is_empty(),
        "programs would break; deprecate first, and keep what is there (docs/api.md, Changes):\n  {}",
        broken.join("\n  ")
    );
}

#[test]
fn whatever_breaks_a_program_is_seen() {
    const OLD: &str = "interface N { id: ID! } union U = A | B enum E { X Y Z @deprecated }
        type A implements N { id: ID! n: Int list: [Int]! old: Int @deprecated f(a: Int, b: Int! = 1): E }
        type B { id: ID } input I { a: Int b: Int! c: [Int!] } scalar S";
    let seen = |change: (&str, &str)| {
        assert!(OLD.contains(change.0), "{}", change.0);
        breaks(&Sdl::parse(OLD), &Sdl::parse(&OLD.replacen(change.0, change.1, 1)))
    };
    for (change, fault) in [
        (("scalar S", ""), "S is gone"),
        (("scalar S", "enum S { A }"), "S is of another kind"),
        (("U = A | B", "U = A"), "U is no longer with B"),
        (("A implements N", "A"), "A is no longer with N"),
        (("X Y", "X"), "E.Y is gone"),
        (("n: Int ", ""), "A.n is gone"),
        (("n: Int ", "n: ID "), "A.n was Int and gives ID"),
        (("list: [Int]!", "list: [Int]"), "A.list was [Int]! and gives [Int]"),
        (("f(a: Int, ", "f("), "A.f.a is gone"),
        (("f(a: Int,", "f(a: Int!,"), "A.f.a was Int and takes Int!"),
        (("b: Int! = 1", "b: Int! = 2"), "A.f.b means something else where it is absent"),
        (("f(a", "f(c: Int!, a"), "A.f.c is new and required"),
        (("a: Int b", "b"), "I.a is gone"),
        (("c: [Int!] ", "c: [Int!] d: Int! "), "I.d is new and required"),
        (("c: [Int!] ", "c: [Int!]! "), "I.c was [Int!] and takes [Int!]!"),
    ] {
        assert_eq!(seen(change), [fault], "{change:?}");
    }
    for change in [
        ("n: Int ", "n: Int! new: Int "),
        ("list: [Int]!", "list: [Int!]!"),
        ("X Y Z @deprecated", "X Y W"),
        ("old: Int @deprecated ", ""),
        ("b: Int! = 1", "b: Int = 1, c: Int! = 3"),
        ("c: [Int!] ", "c: [Int] d: Int e: Int! = 1 "),
        ("scalar S", "scalar S type C { id: ID }"),
    ] {
        assert!(seen(change).is_empty(), "{change:?}: {:?}", seen(change));
    }
}
