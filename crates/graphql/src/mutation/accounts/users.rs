//! Mutations of people.

use app::accounts::{self, AccountCode, NewUser, UserChange};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use zeroize::Zeroizing;

use super::AccountUserError;
use crate::{
    context::ContextExt as _,
    id::{optional, parse, parse_all},
    types::{Role, User},
};

/// A person to be created. (No `Debug`: a password is never printed.)
#[derive(InputObject)]
pub(crate) struct UserCreateInput {
    /// The client that the person belongs to; absent for your own side.
    client_id: Option<ID>,
    /// Address to sign in with; nobody else may have it.
    email: String,
    /// Name, 1 to 200 characters.
    name: String,
    /// What the person may do; no more than you may.
    role: Role,
    /// Language of texts: `it` or `en`.
    #[graphql(default_with = "\"it\".to_owned()")]
    language: String,
    /// First password: 12 characters at least, 256 bytes at most. Without one the person is invited by mail, and chooses it.
    password: Option<String>,
}

/// A person to be shut out.
#[derive(Debug, InputObject)]
pub(crate) struct UserDisableInput {
    /// Who.
    user_id: ID,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Whose sign-ins end.
#[derive(Debug, InputObject)]
pub(crate) struct UserSignInsRevokeInput {
    /// Whose.
    user_id: ID,
}

/// What is to be changed of a person; what is absent stays.
#[derive(Debug, InputObject)]
pub(crate) struct UserUpdateInput {
    /// Who.
    user_id: ID,
    /// Name, 1 to 200 characters.
    name: Option<String>,
    /// Language of texts: `it` or `en`.
    language: Option<String>,
    /// What the person may do; no more than you may. Not of yourself.
    role: Option<Role>,
    /// The version that you have seen; `CONFLICT` when it is another one by now.
    expected_version: Option<i32>,
}

/// A person to be let in again.
#[derive(Debug, InputObject)]
pub(crate) struct UserEnableInput {
    /// Who.
    user_id: ID,
}

/// Somebody to be invited again.
#[derive(Debug, InputObject)]
pub(crate) struct UserInviteAgainInput {
    /// Who.
    user_id: ID,
}

/// Which clients a member of staff works for.
#[derive(Debug, InputObject)]
pub(crate) struct UserAssignInput {
    /// Who.
    user_id: ID,
    /// Those clients alone, at most 500; absent, all.
    client_ids: Option<Vec<ID>>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// The person after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct UserPayload {
    /// The person; absent when the input was refused.
    user: Option<User>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

impl UserPayload {
    pub(super) fn new(
        op: &app::OpCtx,
        result: std::result::Result<domain::accounts::User, app::OpError<AccountCode>>,
    ) -> Result<Self> {
        let (user, user_errors) = AccountUserError::split(op, result)?;
        Ok(Self { user: user.map(User::new), user_errors })
    }
}

/// The person whose sign-ins ended.
#[derive(Debug, SimpleObject)]
pub(crate) struct UserSignInsRevokePayload {
    /// The person; absent when the input was refused.
    user: Option<User>,
    /// How many sign-ins were good until now.
    ended_count: Option<i32>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

/// Mutations of people.
#[derive(Debug, Default)]
pub(crate) struct UsersMutation;

#[Object]
impl UsersMutation {
    /// Creates a person, of your own side or, for staff, of a client. Requires `users:write`.
    async fn user_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: UserCreateInput,
    ) -> Result<UserPayload> {
        let new = NewUser {
            client: optional(input.client_id.as_ref())?,
            email: input.email,
            name: input.name,
            role: input.role.into(),
            language: input.language,
            password: input.password.map(Zeroizing::new),
        };
        UserPayload::new(ctx.op(), accounts::create_user(ctx.op(), new).await)
    }

    /// Changes a person's name, language or role; a role holds from the person's next request on. Nobody who may more than you.
    /// Requires `users:write`.
    async fn user_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and what.")] input: UserUpdateInput,
    ) -> Result<UserPayload> {
        let UserUpdateInput { user_id, name, language, role, expected_version } = input;
        let change = UserChange { name, language, role: role.map(Into::into), expected_version };
        UserPayload::new(ctx.op(), accounts::update_user(ctx.op(), parse(&user_id)?, change).await)
    }

    /// Lets a person in again who was shut out. Nobody who may more than you. Requires `users:write`.
    async fn user_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: UserEnableInput,
    ) -> Result<UserPayload> {
        let id = parse(&input.user_id)?;
        UserPayload::new(ctx.op(), accounts::enable_user(ctx.op(), id).await)
    }

    /// Shuts a person out, at once: its sign-ins end. Not yourself, and nobody who may more than you. Requires `users:write`.
    async fn user_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: UserDisableInput,
    ) -> Result<UserPayload> {
        let id = parse(&input.user_id)?;
        UserPayload::new(ctx.op(), accounts::disable_user(ctx.op(), id, input.expected_version).await)
    }

    /// Ends all sign-ins of somebody else, with their access tokens, at once. Not your own, and not of somebody who may more than
    /// you. Requires `users:write`.
    async fn user_sign_ins_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: UserSignInsRevokeInput,
    ) -> Result<UserSignInsRevokePayload> {
        let id = parse(&input.user_id)?;
        let (done, user_errors) = AccountUserError::split(ctx.op(), accounts::revoke_sign_ins_of(ctx.op(), id).await)?;
        let (user, ended) = done.unzip();
        Ok(UserSignInsRevokePayload {
            user: user.map(User::new),
            ended_count: ended.map(|ended| i32::try_from(ended).unwrap_or(i32::MAX)),
            user_errors,
        })
    }

    /// Mails an invitation again to somebody who has not accepted it yet; the one before ends. Requires `users:write`.
    async fn user_invite_again(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: UserInviteAgainInput,
    ) -> Result<UserPayload> {
        let id = parse(&input.user_id)?;
        UserPayload::new(ctx.op(), accounts::invite_again(ctx.op(), id).await)
    }

    /// Limits a member of staff to some clients: others do not exist for it. Requires `users:write`.
    async fn user_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which clients.")] input: UserAssignInput,
    ) -> Result<UserPayload> {
        let id = parse(&input.user_id)?;
        let clients = input.client_ids.as_deref().map(parse_all).transpose()?;
        UserPayload::new(ctx.op(), accounts::assign_user(ctx.op(), id, input.expected_version, clients).await)
    }
}
