//! `sblocco admin`: what must be possible before anybody can sign in. Acts as the product itself, on the configured database.

mod activity;
mod password;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use app::{
    Code, OpCtx, OpError,
    accounts::{self, NewApiToken, NewUser},
    clients::{self, NewClient},
};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use domain::{
    access::{Permission, Role},
    accounts::User,
    clients::Client,
};
use i18n::Lang;

use super::{Invocation, block_on, output};
use crate::{failure::Failure, wiring};

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Create a client.
    CreateClient(ClientArgs),
    /// Create a person of the BSP. The password is asked for, or read from standard input or a file.
    CreateStaffUser(UserArgs),
    /// Create a person of a client.
    CreateClientUser(ClientUserArgs),
    /// Set a person's password and end all its sign-ins.
    ResetPassword(ResetArgs),
    /// Make a token for a program, and print its secret, once.
    CreateApiToken(TokenArgs),
    /// Let mail go again to an address from which mail came back.
    LiftSuppression(LiftArgs),
    /// Tell whether anybody changed the activity log, and print the head of each log, to be kept elsewhere.
    VerifyActivity(activity::VerifyArgs),
    /// Tell whether anybody changed the consent ledgers since they were sealed, and print the head of each log.
    VerifyLedger(activity::VerifyArgs),
    /// Send a test mail the way that all mails go, and say whether it was taken.
    SendTestMail(TestMailArgs),
}

#[derive(Debug, Args)]
pub(super) struct ClientArgs {
    /// Name, for people.
    #[arg(long)]
    name: String,
    /// Short name: lower-case letters, digits and dashes.
    #[arg(long)]
    slug: String,
    /// IANA zone of its nights and working hours.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Rome")]
    time_zone: String,
    /// Language of what it is sent.
    #[arg(long, value_name = "it|en", default_value_t = Lang::It)]
    language: Lang,
}

#[derive(Debug, Args)]
pub(super) struct UserArgs {
    /// Address to sign in with.
    #[arg(long)]
    email: String,
    /// Name, for people.
    #[arg(long)]
    name: String,
    /// What the person may do: bsp_admin, support_agent, analyst, auditor; of a client client_admin,
    /// client_developer, client_viewer.
    #[arg(long, value_parser = role)]
    role: Role,
    /// Language of texts.
    #[arg(long, value_name = "it|en", default_value_t = Lang::It)]
    language: Lang,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Debug, Args)]
pub(super) struct ClientUserArgs {
    /// Short name or id of the client.
    #[arg(long, value_name = "SLUG_OR_ID")]
    client: String,
    #[command(flatten)]
    user: UserArgs,
}

#[derive(Debug, Args)]
pub(super) struct ResetArgs {
    /// Address to sign in with.
    #[arg(long)]
    email: String,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Debug, Args)]
struct PasswordArgs {
    /// File whose first line is the password; without it, standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    /// What it is for.
    #[arg(long)]
    name: String,
    /// Short name or id of the client that it is bound to; without it, it is the BSP's own.
    #[arg(long, value_name = "SLUG_OR_ID")]
    client: Option<String>,
    /// What it may do, such as traffic:import; several times.
    #[arg(long, value_name = "PERMISSION", required = true, value_parser = permission)]
    permission: Vec<Permission>,
    /// Days until it ends; without it, it does not end.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct LiftArgs {
    /// The address.
    #[arg(long, value_parser = email)]
    email: String,
}

#[derive(Debug, Args)]
pub(super) struct TestMailArgs {
    /// Where it goes.
    #[arg(long, value_parser = email)]
    to: String,
    /// In which language.
    #[arg(long, value_name = "it|en", default_value_t = Lang::It)]
    language: Lang,
}

fn email(text: &str) -> Result<String, String> {
    User::normal_email(text).ok_or_else(|| "give an address such as ada@example.com".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| {
        let known: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("known are {}", known.join(", "))
    })
}

fn permission(text: &str) -> Result<Permission, String> {
    text.parse().map_err(|()| {
        let known: Vec<_> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
        format!("known are {}", known.join(", "))
    })
}

pub(super) fn run(invocation: &Invocation, command: AdminCommand) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    block_on(async {
        // The password first: nothing is opened while somebody types.
        let prepared = prepare(command)?;
        let services = wiring::services(&config).await?;
        // An operation holds the transaction in which it reads, and goes before the database is closed.
        let done = execute(&OpCtx::system(Arc::clone(&services)), prepared).await;
        wiring::close(&services).await;
        output::line(done?)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A command with its password.
enum Prepared {
    Client(ClientArgs),
    User { client: Option<String>, args: UserArgs, password: password::Password },
    Reset { email: String, password: password::Password },
    Token(TokenArgs),
    Lift(LiftArgs),
    Verify(activity::VerifyArgs),
    VerifyLedger(activity::VerifyArgs),
    TestMail(TestMailArgs),
}

impl Prepared {
    /// What the activity log calls it.
    const fn action(&self) -> &'static str {
        match self {
            Self::Client(_) => "admin.create-client",
            Self::User { .. } => "admin.create-user",
            Self::Reset { .. } => "admin.reset-password",
            Self::Token(_) => "admin.create-api-token",
            Self::Lift(_) => "admin.lift-suppression",
            Self::TestMail(_) => "admin.send-test-mail",
            Self::Verify(_) => "admin.verify-activity",
            Self::VerifyLedger(_) => "admin.verify-ledger",
        }
    }
}

fn prepare(command: AdminCommand) -> Result<Prepared, Failure> {
    let asked = |args: &PasswordArgs| password::read(args.password_file.as_deref());
    Ok(match command {
        AdminCommand::CreateClient(args) => Prepared::Client(args),
        AdminCommand::CreateStaffUser(args) => Prepared::User { client: None, password: asked(&args.password)?, args },
        AdminCommand::CreateClientUser(args) => {
            Prepared::User { client: Some(args.client), password: asked(&args.user.password)?, args: args.user }
        }
        AdminCommand::ResetPassword(args) => Prepared::Reset { password: asked(&args.password)?, email: args.email },
        AdminCommand::CreateApiToken(args) => Prepared::Token(args),
        AdminCommand::LiftSuppression(args) => Prepared::Lift(args),
        AdminCommand::VerifyActivity(args) => Prepared::Verify(args),
        AdminCommand::VerifyLedger(args) => Prepared::VerifyLedger(args),
        AdminCommand::SendTestMail(args) => Prepared::TestMail(args),
    })
}

async fn execute(op: &OpCtx, prepared: Prepared) -> Result<String, Failure> {
    op.begin(prepared.action(), Vec::new());
    match prepared {
        Prepared::Verify(args) => activity::verify(op, args).await,
        Prepared::VerifyLedger(args) => activity::verify_ledger(op, args).await,
        Prepared::Client(args) => {
            let language = args.language.to_string();
            let new = NewClient { name: args.name, slug: args.slug, time_zone: args.time_zone, language };
            let client = clients::create(op, new).await.map_err(failure)?;
            Ok(format!("{} {}", client.id, client.slug))
        }
        Prepared::User { client, args, password } => {
            let client = match client {
                Some(client) => Some(find_client(op, &client).await?.id),
                None => None,
            };
            let (email, name, role, language) = (args.email, args.name, args.role, args.language.to_string());
            let new = NewUser { client, email, name, role, language, password: Some(password) };
            Ok(accounts::create_user(op, new).await.map_err(failure)?.id.to_string())
        }
        Prepared::Reset { email, password } => {
            let user = accounts::set_password(op, &email, password).await.map_err(failure)?;
            Ok(format!("The password of {} is set; all its sign-ins have ended.", user.id))
        }
        Prepared::Token(args) => {
            let client = match &args.client {
                Some(client) => Some(find_client(op, client).await?.id),
                None => None,
            };
            let new = NewApiToken {
                client,
                name: args.name,
                permissions: args.permission.into_iter().collect(),
                expires_at: args.days.map(|days| op.now() + TimeDelta::days(i64::from(days))),
            };
            let (token, secret) = accounts::create_api_token(op, new).await.map_err(failure)?;
            output::notice(format_args!("{}: keep what follows, it is not shown again", token.id));
            Ok(secret.reveal().to_owned())
        }
        Prepared::Lift(args) => {
            let lifted = app::notifications::lift_suppression(op, &args.email).await.map_err(failure)?;
            let what = if lifted { "Mail goes there again." } else { "Nothing kept mail from that address." };
            Ok(what.to_owned())
        }
        Prepared::TestMail(args) => {
            let id = format!("test-{:032x}", op.random().number());
            let mailer = &op.services().mailer;
            mailer.send_test(&args.to, args.language, &id, op.now()).await.map_err(Failure::failed)?;
            Ok(format!("The test mail to {} was taken.", args.to))
        }
    }
}

/// The client of a short name or id.
pub(super) async fn find_client(op: &OpCtx, slug_or_id: &str) -> Result<Client, Failure> {
    let found = match slug_or_id.parse() {
        Ok(id) => clients::by_ids(op, &[id]).await.map_err(failure)?.pop(),
        Err(_) => clients::by_slug(op, slug_or_id).await.map_err(failure)?,
    };
    found.ok_or_else(|| {
        Failure::usage(format!("there is no client {slug_or_id}: give its short name or its id (cli_…)"))
    })
}

/// What a use case's failure is at a terminal.
pub(super) fn failure<C: Code>(error: OpError<C>) -> Failure {
    match error {
        OpError::Refused(refusals) => {
            let texts = refusals.into_iter().map(|refusal| {
                let args =
                    refusal.arguments.into_iter().fold(i18n::Args::new(), |args, (name, value)| args.text(name, value));
                i18n::text(Lang::En, refusal.code.key(), &args)
            });
            Failure::usage(texts.collect::<Vec<_>>().join("\n"))
        }
        OpError::NotFound => Failure::usage("not found"),
        error => Failure::failed(error),
    }
}
