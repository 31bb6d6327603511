//! WebCrypto against the examples of RFC 7515.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client_wasm::signature::verify;
use device_flow::{Jwk, SignatureAnswer, SignatureCheck};
use wasm_bindgen_test::wasm_bindgen_test;

const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// RFC 7515 appendix A.2.
fn rs256() -> SignatureCheck {
    SignatureCheck {
        key: Jwk::Rsa {
            n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-\
                SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7\
                WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91\
                kzk2PAcDTW9gb54h4FRWyuXpoQ"
                .into(),
            e: "AQAB".into(),
        },
        signing_input: format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}").into(),
        signature: bytes(
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9C\
             UAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6\
             _dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp\
             0igcN_IoypGlUPQGe77Rw",
        ),
    }
}

/// RFC 7515 appendix A.3.
fn es256() -> SignatureCheck {
    SignatureCheck {
        key: Jwk::EcP256 {
            x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".into(),
            y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".into(),
        },
        signing_input: format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}").into(),
        signature: bytes("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
    }
}

fn bytes(base64url: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(base64url).unwrap()
}

#[wasm_bindgen_test]
async fn the_examples_of_the_rfc_are_valid() {
    assert_eq!(verify(&rs256()).await, SignatureAnswer::Valid);
    assert_eq!(verify(&es256()).await, SignatureAnswer::Valid);
}

#[wasm_bindgen_test]
async fn a_changed_claim_is_invalid() {
    for mut check in [rs256(), es256()] {
        let last = check.signing_input.len() - 1;
        check.signing_input[last] ^= 1;
        assert_eq!(verify(&check).await, SignatureAnswer::Invalid);
    }
}

#[wasm_bindgen_test]
async fn a_changed_signature_is_invalid() {
    for mut check in [rs256(), es256()] {
        check.signature[10] ^= 1;
        assert_eq!(verify(&check).await, SignatureAnswer::Invalid);
        check.signature.clear();
        assert_eq!(verify(&check).await, SignatureAnswer::Invalid);
    }
}

#[wasm_bindgen_test]
async fn a_key_that_is_none_makes_every_signature_invalid() {
    let mut check = es256();
    let (x, y) = ("not".to_owned(), "a point".to_owned());
    check.key = Jwk::EcP256 { x, y };
    assert_eq!(verify(&check).await, SignatureAnswer::Invalid);
}
