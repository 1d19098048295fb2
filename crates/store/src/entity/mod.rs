//! The tables, one file each, as the migrations leave them. Rows, not things of the domain: nothing outside of this crate sees
//! them.
#![expect(unreachable_pub, reason = "the derives make public items")]
#![expect(clippy::struct_field_names, reason = "columns are named as in the schema")]

pub(crate) mod account_checks;
pub(crate) mod account_codes;
pub(crate) mod account_volumes;
pub(crate) mod activities;
pub(crate) mod activity_leaves;
pub(crate) mod api_tokens;
pub(crate) mod asset_changes;
pub(crate) mod attachments;
pub(crate) mod audit_previews;
pub(crate) mod audit_segments;
pub(crate) mod audits;
pub(crate) mod client_counters;
pub(crate) mod clients;
pub(crate) mod consent_events;
pub(crate) mod consent_staging;
pub(crate) mod corrective_action_findings;
pub(crate) mod corrective_actions;
pub(crate) mod counters;
pub(crate) mod declared_assets;
pub(crate) mod deliveries;
pub(crate) mod enforcement_episodes;
pub(crate) mod enforcement_notices;
pub(crate) mod error_counts;
pub(crate) mod evidence_exports;
pub(crate) mod findings;
pub(crate) mod graph_accounts;
pub(crate) mod idempotency_keys;
pub(crate) mod idempotency_marks;
pub(crate) mod import_row_errors;
pub(crate) mod imports;
pub(crate) mod incoming_mails;
pub(crate) mod jobs;
pub(crate) mod ledger_leaves;
pub(crate) mod login_attempts;
pub(crate) mod mail_suppressions;
pub(crate) mod merkle_heads;
pub(crate) mod merkle_nodes;
pub(crate) mod notification_preferences;
pub(crate) mod notifications;
pub(crate) mod outbox;
pub(crate) mod phone_numbers;
pub(crate) mod platform_events;
pub(crate) mod platform_incidents;
pub(crate) mod preview_findings;
pub(crate) mod quiet_hours;
pub(crate) mod recovery_codes;
pub(crate) mod reply_macros;
pub(crate) mod saved_views;
pub(crate) mod schedules;
pub(crate) mod second_factors;
pub(crate) mod segments;
pub(crate) mod sign_ins;
pub(crate) mod sla_calendars;
pub(crate) mod sla_effects;
pub(crate) mod sla_holiday_lists;
pub(crate) mod sla_policies;
pub(crate) mod sla_tier_changes;
pub(crate) mod sla_timers;
pub(crate) mod sla_wakeups;
pub(crate) mod stop_words;
pub(crate) mod submissions;
pub(crate) mod suppressed_recipients;
pub(crate) mod team_members;
pub(crate) mod teams;
pub(crate) mod templates;
pub(crate) mod threshold_versions;
pub(crate) mod ticket_events;
pub(crate) mod ticket_findings;
pub(crate) mod ticket_links;
pub(crate) mod ticket_tags;
pub(crate) mod ticket_watchers;
pub(crate) mod tickets;
pub(crate) mod traffic_watches;
pub(crate) mod unmaskings;
pub(crate) mod unsealed_activities;
pub(crate) mod users;
pub(crate) mod volume_checks;
pub(crate) mod wabas;
pub(crate) mod webhook_deliveries;
pub(crate) mod webhook_endpoints;
pub(crate) mod webhook_events;
pub(crate) mod webhook_inbox;
pub(crate) mod webhook_oddities;
pub(crate) mod webhook_positions;
pub(crate) mod webhook_unclaimed;
pub(crate) mod webhook_unplaced;

/// Calls a macro with the names of all tables' modules.
macro_rules! for_each_table {
    ($callback:ident) => {
        $callback! {
            account_checks
            account_codes
            account_volumes
            activities
            activity_leaves
            api_tokens
            attachments
            asset_changes
            audit_previews
            audit_segments
            audits
            client_counters
            clients
            consent_events
            consent_staging
            corrective_action_findings
            corrective_actions
            counters
            declared_assets
            deliveries
            enforcement_episodes
            enforcement_notices
            error_counts
            evidence_exports
            findings
            graph_accounts
            idempotency_keys
            idempotency_marks
            import_row_errors
            imports
            incoming_mails
            jobs
            ledger_leaves
            login_attempts
            mail_suppressions
            notification_preferences
            merkle_heads
            merkle_nodes
            notifications
            outbox
            phone_numbers
            platform_events
            platform_incidents
            preview_findings
            reply_macros
            saved_views
            quiet_hours
            recovery_codes
            schedules
            second_factors
            segments
            sign_ins
            sla_calendars
            sla_effects
            sla_policies
            sla_holiday_lists
            sla_tier_changes
            sla_timers
            sla_wakeups
            stop_words
            submissions
            team_members
            teams
            suppressed_recipients
            templates
            threshold_versions
            ticket_events
            ticket_findings
            ticket_links
            ticket_tags
            ticket_watchers
            tickets
            traffic_watches
            unmaskings
            unsealed_activities
            users
            volume_checks
            wabas
            webhook_inbox
            webhook_oddities
            webhook_positions
            webhook_unclaimed
            webhook_unplaced
            webhook_deliveries
            webhook_endpoints
            webhook_events
        }
    };
}

pub(crate) use for_each_table;
