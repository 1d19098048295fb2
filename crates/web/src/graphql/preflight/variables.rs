//! Variables against their declared types, as far as these are the language's own. The library looks at a variable only where it is
//! used, and answers under the field; a wrong one is the caller's error and stops the operation.

use async_graphql::{
    Value, Variables,
    parser::types::{BaseType, OperationDefinition, Type},
};

use super::Refused;
use crate::refusal::ErrorCode;

/// Refuses missing, null and ill-typed variables.
pub(super) fn check(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refused> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let wanted = &definition.var_type.node;
        let fits = match variables.get(name) {
            Some(value) => fits(value, wanted),
            None => wanted.nullable || definition.default_value.is_some(),
        };
        if !fits {
            let message = format!("the variable ${name} needs a value of the type {wanted}");
            return Err(Refused::new(ErrorCode::BadUserInput, message));
        }
    }
    Ok(())
}

fn fits(value: &async_graphql::Value, wanted: &Type) -> bool {
    if *value == Value::Null {
        return wanted.nullable;
    }
    match (&wanted.base, value) {
        (BaseType::List(inner), Value::List(items)) => items.iter().all(|item| fits(item, inner)),
        // A single value stands for a list of one.
        (BaseType::List(inner), value) => fits(value, inner),
        (BaseType::Named(name), value) => match name.as_str() {
            "String" => matches!(value, Value::String(_)),
            "Boolean" => matches!(value, Value::Boolean(_)),
            "Int" => {
                matches!(value, Value::Number(number) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()))
            }
            "Float" => matches!(value, Value::Number(_)),
            "ID" => match value {
                Value::String(_) => true,
                Value::Number(number) => number.is_i64() || number.is_u64(),
                _ => false,
            },
            _ => true,
        },
    }
}
