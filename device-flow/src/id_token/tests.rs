use super::*;
use alloc::format;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ISSUER: &str = "https://id.example";

fn token(header: &str, claims: &str) -> IdToken {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    IdToken::new(format!("{}.{}.{}", part(header), part(claims), part("signature")))
}

fn read(header: &str, claims: &str) -> Result<Unverified, IdTokenError> {
    Unverified::read(&token(header, claims))
}

fn parties(claims: &str) -> Result<(), IdTokenError> {
    read(r#"{"alg":"RS256"}"#, claims)
        .expect("readable")
        .check_parties(ISSUER, "tv", false)
}

#[test]
fn only_algorithms_with_a_public_key_are_accepted() {
    for algorithm in ["none", "HS256", "RS1"] {
        let error = read(&format!(r#"{{"alg":"{algorithm}"}}"#), "{}").expect_err(algorithm);
        assert_eq!(error, IdTokenError::AlgorithmRefused(algorithm.into()));
    }
}

#[test]
fn an_extension_that_must_be_understood_is_refused() {
    let error = read(r#"{"alg":"RS256","crit":["b64"],"b64":false}"#, "{}").expect_err("refused");
    assert_eq!(error, IdTokenError::CriticalHeader);
}

#[test]
fn what_is_no_token_is_malformed() {
    for text in ["", "a", "a.b", "a.b.c", "..", "e30.e30.", "!.!.!"] {
        assert_eq!(
            Unverified::read(&IdToken::new(text)).map(|_| ()),
            Err(IdTokenError::Malformed),
            "{text}"
        );
    }
}

#[test]
fn the_issuer_is_compared_character_by_character() {
    let found = "https://id.example/";
    assert_eq!(
        parties(r#"{"iss":"https://id.example/","aud":"tv","sub":"s"}"#),
        Err(IdTokenError::IssuerMismatch {
            expected: ISSUER.into(),
            found: found.into()
        })
    );
}

#[test]
fn the_audience_holds_the_client() {
    assert_eq!(parties(r#"{"iss":"https://id.example","aud":"tv","sub":"s"}"#), Ok(()));
    assert_eq!(
        parties(r#"{"iss":"https://id.example","aud":["x"],"sub":"s"}"#),
        Err(IdTokenError::AudienceMismatch)
    );
    assert_eq!(
        parties(r#"{"iss":"https://id.example","sub":"s"}"#),
        Err(IdTokenError::AudienceMismatch)
    );
}

#[test]
fn the_authorized_party_is_the_client() {
    let with = |more: &str| parties(&format!(r#"{{"iss":"https://id.example","sub":"s",{more}}}"#));
    assert_eq!(with(r#""aud":["x","tv"],"azp":"tv""#), Ok(()));
    for more in [
        r#""aud":["x","tv"],"azp":"x""#,
        r#""aud":["x","tv"]"#,
        r#""aud":["x","tv"],"azp":["tv"]"#,
        r#""aud":"tv","azp":"x""#,
        r#""aud":"tv","azp":7"#,
    ] {
        assert_eq!(with(more), Err(IdTokenError::AuthorizedPartyMismatch), "{more}");
    }
}

fn strictly(more: &str) -> Result<(), IdTokenError> {
    let claims = format!(r#"{{"iss":"https://id.example","sub":"s",{more}}}"#);
    let token = read(r#"{"alg":"RS256"}"#, &claims).expect("readable");
    assert_eq!(token.check_parties(ISSUER, "tv", false), Ok(()), "{more}");
    token.check_parties(ISSUER, "tv", true)
}

#[test]
fn strict_forgives_no_other_audience_and_no_number_as_a_text() {
    let others = r#""aud":["x","tv"],"azp":"tv""#;
    assert_eq!(strictly(others), Err(IdTokenError::AudienceMismatch));
    for time in [r#""exp":"4600""#, r#""iat":"1000""#, r#""nbf":"1000""#] {
        let claims = format!(r#""aud":"tv",{time}"#);
        assert_eq!(strictly(&claims), Err(IdTokenError::Malformed), "{time}");
    }
}

#[test]
fn strict_takes_every_number_as_a_time_and_a_list_of_one_as_an_audience() {
    // RFC 7519 section 2: `NumericDate` may have a fraction.
    assert_eq!(strictly(r#""aud":["tv"],"iat":1000.5,"exp":4.6e3"#), Ok(()));
    let token = read(r#"{"alg":"RS256"}"#, r#"{"iat":1000.5,"exp":4.6e3}"#).expect("readable");
    assert_eq!(token.check_times(UnixTime::from_secs(1000)), Ok(()));
}

#[test]
fn somebody_is_named() {
    assert_eq!(
        parties(r#"{"iss":"https://id.example","aud":"tv"}"#),
        Err(IdTokenError::SubjectMissing)
    );
}

#[test]
fn times_are_checked_with_leeway() {
    let at = |now| {
        let token = read(r#"{"alg":"RS256"}"#, r#"{"iat":1000,"exp":4600}"#).expect("readable");
        token.check_times(UnixTime::from_secs(now))
    };
    assert_eq!(at(699), Err(IdTokenError::IssuedInTheFuture));
    assert_eq!(at(700), Ok(()));
    assert_eq!(at(4899), Ok(()));
    assert_eq!(at(4900), Err(IdTokenError::Expired));
}

#[test]
fn a_token_is_not_used_before_its_time() {
    let at = |nbf: &str, now| {
        let claims = format!(r#"{{"iat":1000,"exp":9000,"nbf":{nbf}}}"#);
        let token = read(r#"{"alg":"RS256"}"#, &claims).expect("readable");
        token.check_times(UnixTime::from_secs(now))
    };
    assert_eq!(at("2000", 1699), Err(IdTokenError::NotYetValid));
    assert_eq!(at("2000", 1700), Ok(()));
    assert_eq!(at(r#""soon""#, 2000), Err(IdTokenError::NotYetValid));
}

#[test]
fn a_token_without_times_is_refused() {
    let token = read(r#"{"alg":"RS256"}"#, "{}").expect("readable");
    assert_eq!(token.check_times(UnixTime::from_secs(0)), Err(IdTokenError::Expired));
}

#[test]
fn the_key_is_chosen_by_kid_and_algorithm() {
    let key = |kid: Option<&str>, alg: Option<&str>, n: &str| PublishedKey {
        kid: kid.map(Into::into),
        alg: alg.map(Into::into),
        key: Jwk::Rsa {
            n: n.into(),
            e: "AQAB".into(),
        },
    };
    let chosen = |header: &str, keys: &[PublishedKey]| {
        let check = read(header, "{}").expect("readable").signature_check(keys.to_vec())?;
        let Jwk::Rsa { n, .. } = check.key else {
            panic!("an RSA key was published")
        };
        Ok(n)
    };
    let two = [key(Some("a"), Some("RS256"), "first"), key(Some("b"), None, "second")];
    assert_eq!(chosen(r#"{"alg":"RS256","kid":"b"}"#, &two), Ok("second".into()));
    assert_eq!(
        chosen(r#"{"alg":"RS256","kid":"c"}"#, &two),
        Err(IdTokenError::KeyNotFound)
    );
    assert_eq!(chosen(r#"{"alg":"RS256"}"#, &two), Err(IdTokenError::KeyNotFound));
    assert_eq!(chosen(r#"{"alg":"RS256"}"#, &two[..1]), Ok("first".into()));
    assert_eq!(chosen(r#"{"alg":"ES256"}"#, &two[..1]), Err(IdTokenError::KeyNotFound));
    let for_another = [key(Some("a"), Some("RS512"), "first")];
    assert_eq!(
        chosen(r#"{"alg":"RS256","kid":"a"}"#, &for_another),
        Err(IdTokenError::KeyNotFound)
    );
}
