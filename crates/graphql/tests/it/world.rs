//! Two clients, people and programs on all sides, and the API that they use.

use app::testing::TestApp;
use async_graphql::{Executor, Request, Response, Variables};
use domain::{
    ClientId,
    access::{Actor, Permission, PermissionSet, Role},
    accounts::{ApiToken, User},
};
use futures::stream::BoxStream;
use graphql::{RequestId, SbloccoSchema};
use serde_json::{Value, json};
use store::testing::TestStore;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody yet.
    Anonymous,
    /// Runs the BSP's deployment.
    BspAdmin,
    /// Works on tickets and audits of all clients.
    SupportAgent,
    /// Reads everything, changes nothing.
    Auditor,
    /// Runs the side of Alfa.
    ClientAdmin,
    /// Looks at the side of Alfa.
    ClientViewer,
    /// Runs the side of Beta.
    OtherAdmin,
    /// A program of Alfa that imports traffic.
    Program,
}

/// The product with its people.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) alfa: ClientId,
    pub(crate) beta: ClientId,
    bsp_admin: User,
    support_agent: User,
    auditor: User,
    pub(crate) client_admin: User,
    client_viewer: User,
    pub(crate) other_admin: User,
    /// The program of Alfa.
    pub(crate) program: ApiToken,
    schema: SbloccoSchema,
}

impl World {
    pub(crate) async fn new(store: TestStore) -> Self {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let bsp_admin = app.user(Role::BspAdmin, None).await;
        let new = app::accounts::NewApiToken {
            client: Some(alfa),
            name: "Gateway".to_owned(),
            permissions: PermissionSet::of(&[Permission::TrafficImport]),
            expires_at: None,
        };
        let (program, _) = app::accounts::create_api_token(&app.op(bsp_admin.actor()), new).await.unwrap();
        Self {
            alfa,
            beta,
            bsp_admin,
            support_agent: app.user(Role::SupportAgent, None).await,
            auditor: app.user(Role::Auditor, None).await,
            client_admin: app.user(Role::ClientAdmin, Some(alfa)).await,
            client_viewer: app.user(Role::ClientViewer, Some(alfa)).await,
            other_admin: app.user(Role::ClientAdmin, Some(beta)).await,
            program,
            schema: graphql::schema(),
            app,
        }
    }

    pub(crate) fn actor(&self, who: Who) -> Actor {
        match who {
            Who::Anonymous => Actor::Anonymous,
            Who::BspAdmin => self.bsp_admin.actor(),
            Who::SupportAgent => self.support_agent.actor(),
            Who::Auditor => self.auditor.actor(),
            Who::ClientAdmin => self.client_admin.actor(),
            Who::ClientViewer => self.client_viewer.actor(),
            Who::OtherAdmin => self.other_admin.actor(),
            Who::Program => self.program.actor(),
        }
    }

    /// Runs a document; the whole answer, as HTTP would give it.
    pub(crate) async fn execute(&self, who: Who, document: &str, variables: Value) -> Value {
        self.execute_as(self.actor(who), document, variables).await
    }

    /// The same, as an actor of any kind.
    pub(crate) async fn execute_as(&self, actor: Actor, document: &str, variables: Value) -> Value {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let request = graphql::prepare(request, self.app.op(actor), RequestId("test".to_owned()));
        serde_json::to_value(self.schema.execute(request).await).unwrap()
    }

    /// The answers of a subscription.
    pub(crate) fn follow(&self, who: Who, document: &str) -> BoxStream<'static, Response> {
        self.follow_as(self.actor(who), document, none())
    }

    /// The same, as an actor of any kind.
    pub(crate) fn follow_as(&self, actor: Actor, document: &str, variables: Value) -> BoxStream<'static, Response> {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let request = graphql::prepare(request, self.app.op(actor), RequestId("test".to_owned()));
        Executor::execute_stream(&self.schema, request, None)
    }

    /// Runs a document that must succeed; its data.
    pub(crate) async fn data(&self, who: Who, document: &str, variables: Value) -> Value {
        let mut answer = self.execute(who, document, variables).await;
        assert_eq!(answer.get("errors"), None, "{who:?} {document}");
        answer["data"].take()
    }

    /// Runs a document that must fail; the code of its first error.
    pub(crate) async fn code(&self, who: Who, document: &str, variables: Value) -> String {
        let answer = self.execute(who, document, variables).await;
        code(&answer).unwrap_or_else(|| panic!("{who:?} {document}: no error in {answer}")).to_owned()
    }
}

/// The code of an answer's first error.
pub(crate) fn code(answer: &Value) -> Option<&str> {
    let first = answer.get("errors")?.get(0)?;
    Some(first["extensions"]["code"].as_str().unwrap_or("(an error without code)"))
}

/// No variables.
pub(crate) fn none() -> Value {
    json!({})
}
