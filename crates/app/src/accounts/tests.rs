//! Accounts over real stores.

mod api_tokens;
mod changes;
mod mailed;
mod second_factor;
mod signing_in;
mod users;

use domain::{ClientId, access::Role, accounts::User};
use zeroize::Zeroizing;

use super::{NewUser, create_user};
use crate::{OpError, testing::TestApp};

const PASSWORD: &str = "corretto cavallo batteria";

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

fn new_user(email: &str, role: Role, client: Option<ClientId>) -> NewUser {
    NewUser {
        client,
        email: email.to_owned(),
        name: "Ana Bianchi".to_owned(),
        role,
        language: "it".to_owned(),
        password: Some(secret(PASSWORD)),
    }
}

/// Somebody of the staff who can sign in.
async fn ana(app: &TestApp) -> User {
    create_user(&app.system(), new_user("ana@bsp.example", Role::SupportAgent, None)).await.unwrap()
}

/// The codes and fields of a refusal.
fn refusals<T: std::fmt::Debug, C: Copy>(result: Result<T, OpError<C>>) -> Vec<(C, String)>
where
    OpError<C>: std::fmt::Debug,
{
    match result {
        Err(OpError::Refused(refusals)) => {
            refusals.into_iter().map(|refusal| (refusal.code, refusal.field.join("."))).collect()
        }
        other => panic!("{other:?} is no refusal"),
    }
}
