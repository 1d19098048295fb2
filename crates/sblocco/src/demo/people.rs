//! The people of the demo, and their passwords, which are made anew each time and shown once.

use std::sync::Arc;

use app::{
    OpCtx, Services,
    accounts::{NewApiToken, NewUser, create_api_token, create_user},
};
use domain::{
    ClientId, UserId,
    access::{Actor, Permission, PermissionSet, Role},
};
use i18n::Lang;

use super::{DemoClient, DemoError, during};

/// Somebody to sign in as.
#[derive(Debug, Clone)]
pub struct DemoUser {
    /// Id.
    pub id: UserId,
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
    /// What the person is.
    pub role: Role,
}

/// A password that can be typed: 20 letters and digits without look-alikes, over 98 bits.
fn password(op: &OpCtx) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
    let mut bytes = [0; 20];
    op.random().fill(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

async fn create(
    op: &OpCtx,
    email: String,
    name: &str,
    role: Role,
    client: Option<ClientId>,
) -> Result<DemoUser, DemoError> {
    let password = password(op);
    let language = if client.is_some() { "it" } else { "en" }.to_owned();
    let new = NewUser { client, email, name: name.to_owned(), role, language, password: Some(password.clone().into()) };
    let user = during("creating a user", create_user(op, new).await)?;
    Ok(DemoUser { id: user.id, email: user.email, password, role })
}

/// The BSP's admin and a support agent.
pub(super) async fn staff(op: &OpCtx) -> Result<Vec<DemoUser>, DemoError> {
    Ok(vec![
        create(op, "admin@bsp.example".to_owned(), "Ada Admin", Role::BspAdmin, None).await?,
        create(op, "support@bsp.example".to_owned(), "Sara Support", Role::SupportAgent, None).await?,
    ])
}

/// The admin of a client.
pub(super) async fn client_admin(op: &OpCtx, client: &DemoClient) -> Result<DemoUser, DemoError> {
    let email = format!("admin@{}.example", client.slug);
    create(op, email, &format!("Admin {}", client.name), Role::ClientAdmin, Some(client.id)).await
}

/// The support agent at work.
pub(super) fn agent(services: &Arc<Services>, users: &[DemoUser]) -> OpCtx {
    let actor = users.iter().find(|user| user.role == Role::SupportAgent).map_or(Actor::System, |user| Actor::Staff {
        user: user.id,
        role: user.role,
        clients: None,
    });
    OpCtx::new(Arc::clone(services), actor, Lang::En)
}

/// A token for a client's sending gateway.
pub(super) async fn gateway_token(op: &OpCtx, client: &DemoClient) -> Result<String, DemoError> {
    let new = NewApiToken {
        client: Some(client.id),
        name: "sending gateway".to_owned(),
        permissions: PermissionSet::of(&[
            Permission::TrafficImport,
            Permission::ConsentsImport,
            Permission::ImportsRead,
        ]),
        expires_at: None,
    };
    let (_, secret) = during("making an API token", create_api_token(op, new).await)?;
    Ok(secret.reveal().to_owned())
}
