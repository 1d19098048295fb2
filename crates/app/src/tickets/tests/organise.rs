//! Teams, tags, watchers, macros and kept lists.

use domain::{access::Role, tickets::TicketEventKind};
use serde_json::json;
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{Scene, any, road::refused_with, timeline};
use crate::{
    OpError,
    testing::TestApp,
    tickets::{
        NewMacro, NewTeam, NewView, TicketCode, TicketCondition, TicketFilter, TicketOrder, change_team, create_team,
        delete_macro, delete_view, give_to_team, macro_text, macros, page, save_macro, save_view, tag, tags_of, teams,
        unwatch, views, watch, watchers_of,
    },
};

fn team(name: &str, lead: Option<domain::UserId>) -> NewTeam {
    NewTeam { name: name.to_owned(), lead, members: Vec::new() }
}

fn new_macro(body: &str) -> NewMacro {
    NewMacro { id: None, name: "Welcome".to_owned(), body: body.to_owned(), expected_version: None }
}

async fn found(scene: &Scene, condition: TicketCondition) -> usize {
    let filter = TicketFilter::from(condition);
    page(&scene.agent(), &filter, TicketOrder::Updated, &Keyset::first(10)).await.unwrap().items.len()
}

both_stores! {
    async fn a_team_is_given_tickets_and_clients_know_nothing_of_it(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let boss = scene.app.staff(Role::BspAdmin).await;
        let boss = || scene.app.op(boss.actor().clone());
        let agent = scene.agent.actor().user();
        let made = create_team(&boss(), team(" Appeals ", agent)).await.unwrap();
        assert_eq!((made.name.as_str(), made.lead, made.members.len()), ("Appeals", agent, 1), "the lead is a member");
        assert_eq!(refused_with(create_team(&boss(), team("Appeals", None)).await), TicketCode::NameTaken);
        let outsider = NewTeam { members: vec![scene.admin.actor().user().unwrap()], ..team("Others", None) };
        assert_eq!(refused_with(create_team(&boss(), outsider).await), TicketCode::AssigneeNotFound);
        let by_client = create_team(&scene.admin(), team("Ours", None)).await;
        assert!(matches!(by_client, Err(OpError::NotFound)), "{by_client:?}");
        let changed = change_team(&boss(), made.id, Some(1), team("Reviews", None)).await.unwrap();
        assert_eq!((changed.version, teams(&scene.agent()).await.unwrap()), (2, vec![changed.clone()]));
        let late = change_team(&boss(), made.id, Some(1), team("x", None)).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 2 })), "{late:?}");
        assert!(teams(&scene.admin()).await.is_err());
        let ticket = scene.ticket().await;
        let given = give_to_team(&scene.agent(), any(&ticket), Some(made.id)).await.unwrap();
        assert_eq!(given.team, Some(made.id));
        assert_eq!(found(&scene, TicketCondition::Team(vec![made.id])).await, 1);
        assert_eq!(timeline(&scene.admin(), &ticket).await.len(), 1, "internal");
    }

    async fn tags_and_watchers_are_internal_and_findable(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let tags = |list: &[&str]| list.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        tag(&scene.agent(), any(&ticket), &tags(&["VIP", "vip", "autunno"]), &[]).await.unwrap();
        tag(&scene.agent(), any(&ticket), &tags(&["vip", "new"]), &tags(&["autunno", "absent"])).await.unwrap();
        assert_eq!(tags_of(&scene.agent(), &[ticket.id]).await.unwrap()[&ticket.id], ["new", "vip"]);
        assert!(tags_of(&scene.admin(), &[ticket.id]).await.unwrap().is_empty());
        assert_eq!(refused_with(tag(&scene.agent(), any(&ticket), &tags(&["two words"]), &[]).await), TicketCode::TagInvalid);
        let many: Vec<String> = (0..21).map(|number| format!("t{number}")).collect();
        assert_eq!(refused_with(tag(&scene.agent(), any(&ticket), &many, &[]).await), TicketCode::TooManyTags);
        assert_eq!(found(&scene, TicketCondition::Tag(tags(&["vip"]))).await, 1);
        assert_eq!(found(&scene, TicketCondition::Tag(tags(&["autunno"]))).await, 0);
        let me = scene.agent.actor().user().unwrap();
        watch(&scene.agent(), any(&ticket), None).await.unwrap();
        watch(&scene.agent(), any(&ticket), Some(me)).await.unwrap();
        assert_eq!(watchers_of(&scene.agent(), &[ticket.id]).await.unwrap()[&ticket.id], [me]);
        assert_eq!(found(&scene, TicketCondition::Watcher(vec![me])).await, 1);
        let client = watch(&scene.agent(), any(&ticket), scene.admin.actor().user()).await;
        assert_eq!(refused_with(client), TicketCode::AssigneeNotFound);
        unwatch(&scene.agent(), any(&ticket), None).await.unwrap();
        assert_eq!(refused_with(unwatch(&scene.agent(), any(&ticket), None).await), TicketCode::AssigneeNotFound);
        let of_staff = timeline(&scene.agent(), &ticket).await;
        let tagged = of_staff.iter().filter(|event| matches!(event.kind, TicketEventKind::Tagged { .. }));
        assert_eq!((of_staff.len(), tagged.count()), (5, 2), "what changed nothing is no event");
        assert_eq!(timeline(&scene.admin(), &ticket).await.len(), 1);
    }

    async fn a_macro_is_filled_for_a_ticket_and_refused_with_a_place_that_stands_for_nothing(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let unknown = save_macro(&scene.agent(), new_macro("{{ticket.password}}")).await;
        assert_eq!(refused_with(unknown), TicketCode::PlaceUnknown);
        let kept = save_macro(&scene.agent(), new_macro("{{client.name}}: {{ticket.ref}}, {{appeal.deadline}}")).await.unwrap();
        assert_eq!(refused_with(save_macro(&scene.agent(), new_macro("x")).await), TicketCode::NameTaken);
        let text = macro_text(&scene.agent(), kept.id, ticket.id).await.unwrap();
        assert!(text.ends_with(&format!(": {}, –", ticket.reference())), "{text}");
        let changed = NewMacro { id: Some(kept.id), expected_version: Some(1), ..new_macro("Hello.") };
        assert_eq!(save_macro(&scene.agent(), changed.clone()).await.unwrap().version, 2);
        assert!(matches!(save_macro(&scene.agent(), changed).await, Err(OpError::Conflict { current: 2 })));
        assert_eq!(macros(&scene.agent()).await.unwrap()[0].body, "Hello.");
        assert!(matches!(macros(&scene.admin()).await, Err(OpError::Forbidden(_))));
        let lost = delete_macro(&scene.agent(), kept.id, Some(1)).await;
        assert!(matches!(lost, Err(OpError::Conflict { current: 2 })), "{lost:?}");
        delete_macro(&scene.agent(), kept.id, Some(2)).await.unwrap();
        assert!(matches!(delete_macro(&scene.agent(), kept.id, None).await, Err(OpError::NotFound)));
    }

    async fn everybody_keeps_lists_for_himself(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let view = |value: i64| NewView { name: "Mine".to_owned(), view: json!({ "filter": value }) };
        let kept = save_view(&scene.admin(), view(1)).await.unwrap();
        let replaced = save_view(&scene.admin(), view(2)).await.unwrap();
        assert_eq!(kept.id, replaced.id);
        assert_eq!(views(&scene.admin()).await.unwrap(), [replaced]);
        assert!(views(&scene.agent()).await.unwrap().is_empty());
        assert!(matches!(delete_view(&scene.agent(), kept.id).await, Err(OpError::NotFound)));
        let long = NewView { name: "Long".to_owned(), view: json!("x".repeat(10_001)) };
        assert_eq!(refused_with(save_view(&scene.admin(), long).await), TicketCode::ViewInvalid);
        delete_view(&scene.admin(), kept.id).await.unwrap();
        assert!(views(&scene.admin()).await.unwrap().is_empty());
    }
}
