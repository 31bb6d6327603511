//! What one exchange was about: for the journal, and for faults that are meant for one client.

use std::borrow::Cow;

use super::{Call, Idp};
use crate::form::Form;
use crate::http::Response;
use crate::personality::Endpoint;

/// An answer, and what it answers.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The answer, with how it should travel.
    pub response: Response,
    /// What was asked.
    pub about: About,
}

/// What a request was about, as far as it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The name of the issuer that was asked, such as `okta-org`; of a host's first, where the path says nothing.
    pub issuer: Cow<'static, str>,
    /// What was asked, such as `token` or `device_authorization`; `None` where nothing lives.
    pub endpoint: Option<&'static str>,
    /// Who asked: by form field, `Authorization` header, token, or the user code on the person's page.
    pub client_id: Option<String>,
    /// The scenarios and scripts that had a hand in the answer, by id.
    pub faults: Vec<String>,
}

impl Idp {
    pub(super) fn about(&mut self, call: &Call) -> About {
        About {
            issuer: call.issuer.name(),
            endpoint: call.endpoint.map(Endpoint::word),
            client_id: self.client_id_of(call),
            faults: Vec::new(),
        }
    }

    /// The client a request speaks for, known or not.
    fn client_id_of(&mut self, call: &Call) -> Option<String> {
        let request = call.request;
        match call.endpoint? {
            Endpoint::UserInfo => {
                let token = super::userinfo::bearer(call)?;
                Some(self.store.access_token(call.now, &token)?.client_id.clone())
            }
            Endpoint::EndSession => {
                let query = Form::parse(request.query().as_bytes());
                let fields = if request.method == "POST" { call.fields } else { &query };
                let claims = crate::tokens::payload(fields.value("id_token_hint")?)?;
                Some(claims["aud"].as_str()?.to_owned())
            }
            Endpoint::Verification => {
                let query = Form::parse(request.query().as_bytes());
                let fields = if request.method == "POST" { call.fields } else { &query };
                let code = fields.value(call.personality.code_parameter)?;
                let code = self.known(code).ok()?;
                Some(self.store.by_user_code(&code)?.client_id.clone())
            }
            _ => {
                let named = call.fields.value("client_id").map(str::to_owned);
                named.or_else(|| super::client::basic_id(call.basic_credentials()?))
            }
        }
    }
}
