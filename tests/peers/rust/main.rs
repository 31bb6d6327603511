//! The crate `oauth2`, as its documentation shows it, signs in by the device grant. Arguments: the client id, the device
//! authorization endpoint and the token endpoint, as the crate reads no metadata. It exits with 0 once it is signed in.

use std::error::Error;
use std::process::ExitCode;
use std::thread::sleep;

use oauth2::basic::BasicClient;
use oauth2::{
    ClientId, DeviceAuthorizationUrl, HttpRequest, HttpResponse, Scope, StandardDeviceAuthorizationResponse, TokenUrl,
    http,
};

fn main() -> ExitCode {
    match sign_in() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let mut separator = "";
            let mut cause: Option<&dyn Error> = Some(why.as_ref());
            while let Some(each) = cause {
                eprint!("{separator}{each}");
                separator = ": ";
                cause = each.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

/// One exchange; the crate leaves redirects to its caller and advises against them.
fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into();
    let (head, mut body) = agent.run(request)?.into_parts();
    Ok(http::Response::from_parts(head, body.read_to_vec()?))
}

fn sign_in() -> Result<(), Box<dyn Error>> {
    let [client_id, device_url, token_url] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "three arguments: the client id and two endpoints")?;
    let client = BasicClient::new(ClientId::new(client_id))
        .set_device_authorization_url(DeviceAuthorizationUrl::new(device_url)?)
        .set_token_uri(TokenUrl::new(token_url)?)
        .set_auth_type(oauth2::AuthType::RequestBody);
    let details: StandardDeviceAuthorizationResponse = client
        .exchange_device_code()
        .add_scope(Scope::new("openid".to_owned()))
        .request(&send)?;
    println!(
        "{}\n{}",
        details.verification_uri().as_str(),
        details.user_code().secret()
    );
    client
        .exchange_device_access_token(&details)
        .request(&send, sleep, None)?;
    println!("signed in");
    Ok(())
}
