//! From the configuration to what HTTP is answered from.

use std::{fs, path::Path, sync::Arc, time::Duration};

use app::Services;
use web::{
    Access, Bounds, Budget, Edge, ErrorBounds, Limits, SocketBounds, Sockets, Tls, TrustedDocuments, Uploads, Watch,
    Webhooks,
};

use crate::{
    config::{Config, DocumentRule, Graphql, Introspection},
    failure::{Failure, io_failure},
    secrets,
};

/// What the routes are given.
pub(super) fn edge(config: &Config, services: &Arc<Services>, watch: Watch, sockets: Sockets) -> Result<Edge, Failure> {
    let edge = Edge {
        services: Arc::clone(services),
        schema: if config.graphql.suggestions { graphql::schema_that_suggests() } else { graphql::schema() },
        bounds: bounds(config)?,
        access: access(config),
        sockets,
        uploads: uploads(config),
        webhooks: webhooks(config)?,
        watch,
        language: config.language.default.parse().unwrap_or_default(),
    };
    if let Err(error) = web::sweep_uploads(&edge.uploads) {
        tracing::warn!(error = %error, "what earlier processes left of uploads could not be deleted");
    }
    Ok(edge)
}

fn webhooks(config: &Config) -> Result<Webhooks, Failure> {
    Ok(Webhooks {
        secrets: secrets::app_secrets(config)?,
        verify_token: config.meta.verify_token.expose().map(ToOwned::to_owned),
        body: usize::try_from(config.meta.body.bytes()).unwrap_or(usize::MAX),
        ..Webhooks::default()
    })
}

fn bounds(config: &Config) -> Result<Bounds, Failure> {
    let (limits, graphql) = (&config.limits, &config.graphql);
    Ok(Bounds {
        body: usize::try_from(limits.graphql_body.bytes()).unwrap_or(usize::MAX),
        read: Duration::from_secs(limits.graphql_read_seconds),
        execution: Duration::from_secs(limits.graphql_execution_seconds),
        document: document(graphql),
        errors: ErrorBounds { errors: graphql.errors, message: graphql.error_characters },
        budget: Budget { capacity: graphql.cost_burst, restored: graphql.cost_per_second },
        introspection: match graphql.introspection {
            Introspection::Open => web::Introspection::Open,
            Introspection::SignedIn => web::Introspection::SignedIn,
            Introspection::Off => web::Introspection::Off,
        },
        documents: TrustedDocuments::new(
            trusted_documents(&graphql.trusted_documents)?,
            rule(graphql.people_documents),
            rule(graphql.program_documents),
        ),
    })
}

const fn document(graphql: &Graphql) -> Limits {
    Limits {
        tokens: graphql.tokens,
        nesting: graphql.nesting,
        operations: graphql.operations,
        fragments: graphql.fragments,
        directives: graphql.directives,
        depth: graphql.depth,
        introspection_depth: graphql.introspection_depth,
        fields: graphql.fields,
        aliases: graphql.aliases,
        root_fields: graphql.root_fields,
        root_mutations: graphql.root_mutations,
        variables: graphql.variables,
        cost: graphql.cost,
    }
}

const fn rule(rule: DocumentRule) -> web::DocumentRule {
    match rule {
        DocumentRule::Open => web::DocumentRule::Open,
        DocumentRule::Watched => web::DocumentRule::Watched,
        DocumentRule::Trusted => web::DocumentRule::Trusted,
    }
}

/// The documents in a folder of `*.graphql` files, or in a JSON file of an object whose values are documents.
fn trusted_documents(path: &str) -> Result<Vec<String>, Failure> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let path = Path::new(path);
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|error| io_failure("read trusted documents", path, &error));
    if !path.is_dir() {
        let named: std::collections::BTreeMap<String, String> =
            serde_json::from_str(&read(path)?).map_err(|error| {
                Failure::usage(format!(
                    "graphql.trusted_documents: {} is no JSON object of texts: {error}",
                    path.display()
                ))
            })?;
        return Ok(named.into_values().collect());
    }
    let entries = fs::read_dir(path).map_err(|error| io_failure("read the folder", path, &error))?;
    let mut documents = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| io_failure("read the folder", path, &error))?.path();
        if file.extension().is_some_and(|extension| extension == "graphql") {
            documents.push(read(&file)?);
        }
    }
    Ok(documents)
}

/// Bounds of sockets.
pub(super) fn socket_bounds(config: &Config) -> SocketBounds {
    SocketBounds {
        sockets: config.graphql.sockets,
        operations: config.graphql.socket_operations,
        message: usize::try_from(config.limits.graphql_body.bytes()).unwrap_or(usize::MAX),
        ..SocketBounds::default()
    }
}

/// Values that do not read were refused with the configuration.
fn access(config: &Config) -> Access {
    let server = &config.server;
    Access {
        origins: server.allowed_origins.iter().filter_map(|origin| origin.parse().ok()).collect(),
        trusted_proxies: server.trusted_proxies.iter().filter_map(|network| network.parse().ok()).collect(),
        requests: Budget { capacity: server.requests_burst, restored: server.requests_per_second },
        https: server.public_url.starts_with("https://") || !server.tls_certificate_file.is_empty(),
    }
}

/// The certificate, where the server does TLS itself.
pub(super) fn tls(config: &Config) -> Result<Option<Tls>, Failure> {
    let server = &config.server;
    if server.tls_certificate_file.is_empty() {
        return Ok(None);
    }
    let read = |name: &str| {
        let path = Path::new(name);
        fs::read(path).map_err(|error| io_failure("read", path, &error))
    };
    let tls = Tls::new(&read(&server.tls_certificate_file)?, &read(&server.tls_key_file)?);
    tls.map(Some).map_err(|error| Failure::usage(format!("server.tls_certificate_file, server.tls_key_file: {error}")))
}

fn uploads(config: &Config) -> Uploads {
    let limits = &config.limits;
    Uploads {
        folder: config.temp_dir().join("uploads"),
        size: limits.upload_size.bytes(),
        idle: Duration::from_secs(limits.upload_idle_seconds),
        at_once: limits.uploads as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(path: &Path) -> Result<Vec<String>, Failure> {
        let mut documents = trusted_documents(&path.display().to_string())?;
        documents.sort();
        Ok(documents)
    }

    #[test]
    fn trusted_documents_are_the_files_of_a_folder_or_the_texts_of_a_list() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("a.graphql", "{ a }");
        write("b.graphql", "{ b }");
        write("README.md", "no document");
        assert_eq!(sorted(folder.path()).unwrap(), ["{ a }", "{ b }"]);
        write("list.json", r#"{"A": "{ a }", "C": "{ c }"}"#);
        assert_eq!(sorted(&folder.path().join("list.json")).unwrap(), ["{ a }", "{ c }"]);
        assert!(trusted_documents("").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_list_of_documents_keeps_the_server_from_starting() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list.json");
        fs::write(&list, r#"["{ a }"]"#).unwrap();
        let text = sorted(&list).unwrap_err().to_string();
        assert!(text.contains("graphql.trusted_documents") && text.contains("no JSON object of texts"), "{text}");
        let missing = sorted(&folder.path().join("nothing")).unwrap_err().to_string();
        assert!(missing.contains("cannot read trusted documents"), "{missing}");
    }
}
