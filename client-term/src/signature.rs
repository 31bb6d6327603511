//! Checks the signature of an ID token.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use device_flow::{Jwk, SignatureAnswer, SignatureCheck};

/// RS256 or ES256, by the kind of the key (RFC 7518 section 3.1).
///
/// A key that cannot be read checks nothing, so its signature counts as invalid.
pub fn verify(check: &SignatureCheck) -> SignatureAnswer {
    let SignatureCheck {
        key,
        signing_input,
        signature,
    } = check;
    let number = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let verified = match key {
        Jwk::Rsa { n, e } => {
            let key = RsaPublicKeyComponents {
                n: number(n),
                e: number(e),
            };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, signing_input, signature)
        }
        Jwk::EcP256 { x, y } => {
            // An uncompressed point (SEC 1 section 2.3.3).
            let point = [vec![4], number(x), number(y)].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signing_input, signature)
        }
    };
    if verified.is_ok() {
        SignatureAnswer::Valid
    } else {
        SignatureAnswer::Invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: Jwk, signing_input: &str, signature: &str, expected: SignatureAnswer) {
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        let check = SignatureCheck {
            key,
            signing_input: signing_input.into(),
            signature,
        };
        assert_eq!(verify(&check), expected);
    }

    /// RFC 7515 appendix A.3.
    fn p256() -> Jwk {
        Jwk::EcP256 {
            x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".into(),
            y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".into(),
        }
    }

    const CLAIMS: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const ES256_SIGNATURE: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    #[test]
    fn the_es256_example_of_rfc_7515_is_valid() {
        check(
            p256(),
            &format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}"),
            ES256_SIGNATURE,
            SignatureAnswer::Valid,
        );
    }

    #[test]
    fn one_changed_letter_makes_it_invalid() {
        check(
            p256(),
            &format!("eyJhbGciOiJFUzI1NiJ8.{CLAIMS}"),
            ES256_SIGNATURE,
            SignatureAnswer::Invalid,
        );
    }

    #[test]
    fn the_rs256_example_of_rfc_7515_is_valid() {
        // Appendix A.2.
        let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        let key = Jwk::Rsa {
            n: n.into(),
            e: "AQAB".into(),
        };
        check(
            key,
            &format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}"),
            signature,
            SignatureAnswer::Valid,
        );
    }

    #[test]
    fn an_unreadable_key_vouches_for_nothing() {
        check(
            Jwk::Rsa {
                n: "!".into(),
                e: String::new(),
            },
            "a.b",
            "AAAA",
            SignatureAnswer::Invalid,
        );
    }
}
