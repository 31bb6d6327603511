//! From tokens to a name: what is believed of an ID token, and why (OpenID Connect Core 1.0 section 3.1.3.7).

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Answer, Flow, Outcome, State};
use crate::config::Endpoints;
use crate::error::{FlowError, IdTokenError, PeerMisbehaved};
use crate::id_token::{Identity, SignatureAnswer, Unverified, Vouched};
use crate::secret::DigestInput;
use crate::time::Instant;
use crate::wire::AnswerError;
use crate::wire::jwks::PublishedKey;
use crate::wire::token::Tokens;

/// Tokens with an ID token that nobody believes yet.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) endpoints: Box<Endpoints>,
    tokens: Tokens,
    id_token: Unverified,
}

impl Granted {
    /// What `at_hash` is made from: the characters of the access token (OpenID Connect Core 1.0 section 3.1.3.6).
    pub(super) fn at_hash_input(&self) -> DigestInput {
        DigestInput::new(self.tokens.access_token.expose())
    }
}

impl Flow {
    pub(super) fn on_granted(&mut self, endpoints: Box<Endpoints>, tokens: Tokens) {
        let (Some(issuer), true) = (&endpoints.issuer, self.config.wants_id_token()) else {
            return self.sign_in(tokens, None);
        };
        let Some(id_token) = &tokens.id_token else {
            // A server may grant less than was asked for, and then says so (RFC 6749 section 5.1).
            let granted_less = tokens
                .scope
                .as_ref()
                .is_some_and(|scope| !scope.split(' ').any(|s| s == "openid"));
            if granted_less {
                self.sign_in(tokens, None);
            } else {
                self.distrust(IdTokenError::Missing);
            }
            return;
        };
        let read = Unverified::read(id_token);
        match read.and_then(|id_token| {
            id_token
                .check_parties(issuer, &self.config.client_id, self.config.strict)
                .map(|()| id_token)
        }) {
            Ok(id_token) => self.enter(State::FetchingKeys {
                granted: Box::new(Granted {
                    endpoints,
                    tokens,
                    id_token,
                }),
                is_refetch: false,
            }),
            Err(error) => self.distrust(error),
        }
    }

    /// Looks for the key among those published. A server that has just changed its key may publish it a moment later, so
    /// keys that do not help are fetched once more.
    pub(super) fn on_keys(
        &mut self,
        now: Instant,
        granted: Box<Granted>,
        is_refetch: bool,
        keys: Result<Vec<PublishedKey>, AnswerError>,
    ) {
        let error = match keys {
            Ok(keys) => match granted.id_token.signature_check(keys) {
                Ok(check) => return self.enter(State::CheckingSignature { granted, check }),
                Err(error) => FlowError::Misbehaved(PeerMisbehaved::IdToken(error)),
            },
            Err(AnswerError::Lost(lost)) => return self.again(now, State::FetchingKeys { granted, is_refetch }, &lost),
            Err(error) => error.into(),
        };
        if is_refetch {
            self.fail(error);
        } else {
            self.enter(State::FetchingKeys {
                granted,
                is_refetch: true,
            });
        }
    }

    pub(super) fn on_signature(&mut self, now: Instant, granted: Box<Granted>, answer: &Answer) {
        match self.judge(now, &granted, answer) {
            Ok(vouched_by) if granted.id_token.has_at_hash() => {
                self.enter(State::CheckingAccessToken { granted, vouched_by });
            }
            Ok(vouched_by) => self.believe(*granted, vouched_by),
            Err(error) => self.distrust(error),
        }
    }

    /// Section 3.1.3.8: the access token is the one that the ID token was issued with. Where there is no digest to be had,
    /// the connection that both came by has to do.
    pub(super) fn on_access_token_digest(&mut self, granted: Granted, vouched_by: Vouched, answer: &Answer) {
        match answer {
            Answer::Digest(Some(digest)) if !granted.id_token.fits_at_hash(digest) => {
                self.distrust(IdTokenError::AccessTokenMismatch);
            }
            _ => self.believe(granted, vouched_by),
        }
    }

    fn believe(&mut self, granted: Granted, vouched_by: Vouched) {
        let identity = granted.id_token.into_identity(vouched_by);
        self.sign_in(granted.tokens, Some(identity));
    }

    /// What vouches for the ID token (steps 6, 9 and 10).
    ///
    /// Times are compared with the server's clock where it could be read: it is the one that `exp` and `iat` are told by.
    fn judge(&self, now: Instant, granted: &Granted, answer: &Answer) -> Result<Vouched, IdTokenError> {
        // The shell answered something else than it was asked: as good as unchecked.
        let Answer::Signature { found, unix_time } = answer else {
            return Err(IdTokenError::SignatureUnchecked);
        };
        let vouched_by = match found {
            SignatureAnswer::Invalid => return Err(IdTokenError::SignatureInvalid),
            SignatureAnswer::Valid => Vouched::Signature,
            SignatureAnswer::Unavailable if granted.endpoints.token_endpoint.is_https() => Vouched::Tls,
            SignatureAnswer::Unavailable if self.config.allow_insecure_http => Vouched::Nothing,
            SignatureAnswer::Unavailable => return Err(IdTokenError::SignatureUnchecked),
        };
        let time = self.server_clock.map_or(*unix_time, |clock| clock.now(now));
        granted.id_token.check_times(time)?;
        Ok(vouched_by)
    }

    fn sign_in(&mut self, tokens: Tokens, identity: Option<Identity>) {
        self.enter(State::Done(Outcome::SignedIn {
            identity,
            tokens: Some(Box::new(tokens)),
        }));
    }

    fn distrust(&mut self, error: IdTokenError) {
        self.fail(FlowError::Misbehaved(PeerMisbehaved::IdToken(error)));
    }
}
