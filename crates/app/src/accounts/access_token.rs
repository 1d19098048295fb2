//! Access tokens: JWT, signed with HMAC-SHA256, short-lived; they carry ids and nothing personal.

use domain::{Instant, SignInId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

use crate::error::InternalError;

/// Seconds by which the clocks of processes may differ.
const DRIFT: i64 = 60;
const ISSUER: &str = "sblocco";
const AUDIENCE: &str = "sblocco-api";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AccessClaims {
    /// The person.
    pub sub: UserId,
    /// The sign-in that it came from: once revoked, its tokens end too.
    pub sid: SignInId,
    /// Issued at, in Unix seconds.
    pub iat: i64,
    /// Good until, in Unix seconds.
    pub exp: i64,
    iss: String,
    aud: String,
}

/// A token that was not made here, was altered, or has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not valid or has expired")]
pub struct TokenRejected;

/// Signs and checks access tokens.
#[derive(Clone)]
pub struct TokenSigner {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSigner").finish_non_exhaustive()
    }
}

impl TokenSigner {
    /// Least length of the secret in bytes: that of the hash (RFC 7518, 3.2).
    pub const LEAST_SECRET: usize = 32;

    /// A signer with `secret`; whoever knows it can sign.
    ///
    /// # Errors
    /// The secret is shorter than [`Self::LEAST_SECRET`].
    pub fn new(secret: &[u8]) -> Result<Self, InternalError> {
        if secret.len() < Self::LEAST_SECRET {
            return Err(InternalError {
                context: "token signing",
                detail: format!("the secret needs {} bytes", Self::LEAST_SECRET),
            });
        }
        Ok(Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) })
    }

    /// A token of `user` that is good for `seconds` from `now`.
    ///
    /// # Errors
    /// The library failed.
    pub fn sign(&self, user: UserId, sign_in: SignInId, now: Instant, seconds: u32) -> Result<String, InternalError> {
        let iat = now.timestamp();
        let claims = AccessClaims {
            sub: user,
            sid: sign_in,
            iat,
            exp: iat + i64::from(seconds),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|error| InternalError { context: "token signing", detail: error.to_string() })
    }

    /// What `token` says, if it is ours and good at `now`.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self, token: &str, now: Instant) -> Result<AccessClaims, TokenRejected> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The clock is an argument, so the library's own comparison with the system's is off and ours follows.
        validation.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<AccessClaims>(token, &self.decoding, &validation).map_err(|_| TokenRejected)?.claims;
        let now = now.timestamp();
        let is_of_the_future = claims.iat > now + DRIFT;
        if now < claims.exp && !is_of_the_future { Ok(claims) } else { Err(TokenRejected) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ports::SeededRandom;

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    fn signer(byte: u8) -> TokenSigner {
        TokenSigner::new(&[byte; 32]).unwrap()
    }

    #[test]
    fn a_token_is_good_until_it_ends_and_with_its_own_secret_alone() {
        let random = SeededRandom::new(3);
        let now = at(1_790_000_000);
        let (user, sign_in) = (UserId::new(now, &random), SignInId::new(now, &random));
        let token = signer(1).sign(user, sign_in, now, 900).unwrap();
        let claims = signer(1).check(&token, at(1_790_000_899)).unwrap();
        assert_eq!((claims.sub, claims.sid), (user, sign_in));
        assert_eq!(signer(1).check(&token, at(1_790_000_900)), Err(TokenRejected));
        assert_eq!(signer(2).check(&token, now), Err(TokenRejected));
        assert_eq!(signer(1).check("", now), Err(TokenRejected));
        assert_eq!(signer(1).check(&token[..token.len() - 2], now), Err(TokenRejected));
    }

    #[test]
    fn a_token_of_the_future_is_refused_and_a_clock_that_is_a_little_late_is_not() {
        let random = SeededRandom::new(3);
        let now = at(1_790_000_000);
        let (user, sign_in) = (UserId::new(now, &random), SignInId::new(now, &random));
        let token = signer(1).sign(user, sign_in, now, 900).unwrap();
        assert!(signer(1).check(&token, at(1_790_000_000 - DRIFT)).is_ok());
        assert_eq!(signer(1).check(&token, at(1_790_000_000 - DRIFT - 1)), Err(TokenRejected));
    }

    #[test]
    fn a_token_without_signature_is_refused() {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
        let header = B64.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let claims = B64.encode(
            r#"{"sub":"usr_01J00000000000000000000000","sid":"sin_01J00000000000000000000000","iat":0,"exp":9999999999,"iss":"sblocco","aud":"sblocco-api"}"#,
        );
        assert_eq!(signer(1).check(&format!("{header}.{claims}."), at(0)), Err(TokenRejected));
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(TokenSigner::new(&[0; 31]).is_err());
    }
}
