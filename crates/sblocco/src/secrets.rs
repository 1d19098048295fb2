//! Secrets that are kept in files.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Write as _},
    path::Path,
};

use domain::ports::Random;

use crate::{
    config::{Config, SECRET_CHARACTERS, Secret},
    failure::{Failure, io_failure},
    system::OsRandom,
};

/// Name of the generated secret in the data folder.
const JWT_SECRET: &str = "jwt.secret";
/// The same of what seals secrets.
const SECRETS_KEY: &str = "secrets.key";

/// What signs access tokens: as configured, or made once and kept in the data folder, readable by its owner alone.
pub fn jwt_secret(config: &Config, random: &dyn Random) -> Result<Vec<u8>, Failure> {
    let auth = &config.auth;
    let given = Given { secret: &auth.jwt_secret, file: &auth.jwt_secret_file, key: "auth.jwt_secret_file" };
    given.or_made(&config.data_dir().join(JWT_SECRET), random)
}

/// What seals the secrets that are kept: the first key seals, all of them open.
pub fn vault_keys(config: &Config, random: &dyn Random) -> Result<Vec<String>, Failure> {
    let auth = &config.auth;
    let given = Given { secret: &auth.secrets_key, file: &auth.secrets_key_file, key: "auth.secrets_key_file" };
    let text = given.or_made(&config.data_dir().join(SECRETS_KEY), random)?;
    let keys: Vec<String> = String::from_utf8_lossy(&text).split_whitespace().map(str::to_owned).collect();
    match keys.iter().find(|key| key.chars().count() < SECRET_CHARACTERS) {
        Some(_) => Err(Failure::usage(format!(
            "auth.secrets_key: one of the keys has fewer than {SECRET_CHARACTERS} characters: give longer ones, with white space between"
        ))),
        None => Ok(keys),
    }
}

/// The same, where they are already there: nothing is made by looking.
pub fn known_vault_keys(config: &Config) -> Result<Option<Vec<String>>, Failure> {
    let auth = &config.auth;
    let is_made = config.data_dir().join(SECRETS_KEY).exists();
    if !auth.secrets_key.is_given() && auth.secrets_key_file.is_empty() && !is_made {
        return Ok(None);
    }
    vault_keys(config, &OsRandom).map(Some)
}

/// A secret of the deployment: itself, a file that holds it, or neither; and the key of the file in the configuration.
struct Given<'a> {
    secret: &'a Secret,
    file: &'a str,
    key: &'a str,
}

impl Given<'_> {
    /// As configured, or made once and kept at `path`, readable by its owner alone.
    fn or_made(&self, path: &Path, random: &dyn Random) -> Result<Vec<u8>, Failure> {
        if let Some(secret) = self.secret.expose() {
            return Ok(secret.as_bytes().to_vec());
        }
        if !self.file.is_empty() {
            return read(Path::new(self.file), self.key);
        }
        match create(path) {
            Ok(mut file) => {
                let mut bytes = [0; 48];
                random.fill(&mut bytes);
                let text = hex::encode(bytes);
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                written.map_err(|error| io_failure("write", path, &error))?;
                Ok(text.into_bytes())
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path, "a secret that was made"),
            Err(error) => Err(io_failure("write", path, &error)),
        }
    }
}

/// The secret access key of the object store, if one is configured.
pub fn s3_secret(config: &Config) -> Result<Option<String>, Failure> {
    given(&config.lake.s3.secret_access_key, &config.lake.s3.secret_access_key_file)
}

/// The password for the mail server, if one is configured.
pub fn smtp_password(config: &Config) -> Result<Option<String>, Failure> {
    given(&config.mail.smtp.password, &config.mail.smtp.password_file)
}

/// A secret as it is configured: itself, or a file that holds it.
fn given(secret: &Secret, file: &str) -> Result<Option<String>, Failure> {
    if let Some(secret) = secret.expose() {
        return Ok(Some(secret.to_owned()));
    }
    if file.is_empty() {
        return Ok(None);
    }
    let path = Path::new(file);
    let text = std::fs::read_to_string(path).map_err(|error| io_failure("read", path, &error))?;
    Ok(Some(text.trim().to_owned()))
}

/// The secrets of Meta's apps.
pub fn app_secrets(config: &Config) -> Result<Vec<String>, Failure> {
    let meta = &config.meta;
    let text = match meta.app_secrets.expose() {
        Some(text) => text.to_owned(),
        None if meta.app_secrets_file.is_empty() => return Ok(Vec::new()),
        None => {
            let path = Path::new(&meta.app_secrets_file);
            std::fs::read_to_string(path).map_err(|error| io_failure("read", path, &error))?
        }
    };
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// The token of the Graph API, if one is configured.
pub fn graph_token(config: &Config) -> Result<Option<String>, Failure> {
    if let Some(token) = config.graph.token.expose() {
        return Ok(Some(token.to_owned()));
    }
    if config.graph.token_file.is_empty() {
        return Ok(None);
    }
    let path = Path::new(&config.graph.token_file);
    let text = std::fs::read_to_string(path).map_err(|error| io_failure("read", path, &error))?;
    Ok(Some(text.trim().to_owned()).filter(|token| !token.is_empty()))
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| io_failure("read", path, &error))?;
    let secret = text.trim();
    if secret.chars().count() < SECRET_CHARACTERS {
        return Err(Failure::usage(format!(
            "{what}: {} holds fewer than {SECRET_CHARACTERS} characters: give it a longer secret, or delete it",
            path.display()
        )));
    }
    Ok(secret.as_bytes().to_vec())
}

#[cfg(unix)]
fn create(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use domain::ports::SeededRandom;

    use super::*;

    fn config(folder: &Path) -> Config {
        let mut config = Config::defaults().unwrap();
        config.data.dir = folder.display().to_string();
        config
    }

    #[test]
    fn the_secret_is_made_once_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let first = jwt_secret(&config, &SeededRandom::new(1)).unwrap();
        assert!(first.len() >= SECRET_CHARACTERS);
        assert_eq!(jwt_secret(&config, &SeededRandom::new(2)).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join(JWT_SECRET)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn keys_of_secrets_are_made_once_or_given_in_a_list() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        let made = vault_keys(&config, &SeededRandom::new(1)).unwrap();
        assert_eq!(made.len(), 1);
        assert_eq!(vault_keys(&config, &SeededRandom::new(2)).unwrap(), made);
        assert_ne!(made[0].as_bytes(), jwt_secret(&config, &SeededRandom::new(3)).unwrap());
        let (new, old) = ("n".repeat(32), "o".repeat(40));
        config.auth.secrets_key = Secret::from(format!("{new}\n{old}"));
        assert_eq!(vault_keys(&config, &SeededRandom::new(1)).unwrap(), [new.clone(), old]);
        config.auth.secrets_key = Secret::from(format!("{new} short"));
        let short = vault_keys(&config, &SeededRandom::new(1)).unwrap_err().to_string();
        assert!(short.contains("fewer than 32 characters") && !short.contains(&new), "{short}");
    }

    #[test]
    fn a_file_that_is_missing_or_too_short_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        let path = folder.path().join("given");
        config.auth.jwt_secret_file = path.display().to_string();
        let missing = jwt_secret(&config, &SeededRandom::new(1)).unwrap_err().to_string();
        assert!(missing.contains("cannot read") && missing.contains("no such file"), "{missing}");
        std::fs::write(&path, "short").unwrap();
        let short = jwt_secret(&config, &SeededRandom::new(1)).unwrap_err().to_string();
        assert!(short.contains("holds fewer than 32 characters") && !short.contains("short\""), "{short}");
    }
}
