//! What only pages notice.

use mock_idp::{Request, Response};

use crate::support::{ALL, PAGE, RFC, Scene, scene, sound, variant};

const ALLOW: &str = "access-control-allow-origin";

fn preflight(scene: &mut Scene, target: &str, origin: &str) -> Response {
    let request = Request::new("OPTIONS", target)
        .with("Origin", origin)
        .with("Access-Control-Request-Method", "POST");
    scene.send(request)
}

fn start(scene: &mut Scene, origin: &str) -> Response {
    let fields = [("client_id", "tv"), ("scope", "openid")];
    scene.send(Request::form(scene.kind.device, &fields).with("Origin", origin))
}

fn poll(scene: &mut Scene, origin: &str) -> Response {
    let request = scene.poll_request().with("Origin", origin);
    scene.send(request)
}

#[test]
pub(crate) fn no_page_of_another_origin_can_start() {
    assert_eq!(start(&mut sound(RFC), PAGE).header(ALLOW), Some(PAGE));
    for kind in ALL {
        for (name, status) in [("405", 405), ("404", 404), ("200", 200)] {
            let mut scene = variant(kind, "X-60", name);
            let answer = start(&mut scene, PAGE);
            assert_eq!((answer.status, answer.header(ALLOW)), (200, None));
            let preflight = preflight(&mut scene, kind.device, PAGE);
            assert_eq!((preflight.status, preflight.header(ALLOW)), (status, None));
        }
    }
}

#[test]
pub(crate) fn the_token_endpoint_alone_allows_other_origins() {
    for kind in ALL {
        let mut scene = scene(kind, "X-61");
        assert_eq!(start(&mut scene, PAGE).header(ALLOW), None);
        assert_eq!(preflight(&mut scene, kind.device, PAGE).header(ALLOW), None);
        // of itself, authentik lets only registered origins read.
        for origin in [PAGE, "https://elsewhere.example"] {
            assert_eq!(poll(&mut scene, origin).header(ALLOW), Some(origin));
        }
    }
}

#[test]
pub(crate) fn errors_lack_the_headers_that_success_has() {
    for kind in ALL {
        let mut scene = scene(kind, "X-62");
        let started = start(&mut scene, PAGE);
        assert_eq!(started.header(ALLOW), start(&mut sound(kind), PAGE).header(ALLOW));
        let text = |name: &str| started.json()[name].as_str().unwrap().to_owned();
        (scene.device_code, scene.user_code) = (text("device_code"), text("user_code"));
        let answer = poll(&mut scene, PAGE);
        assert_eq!((answer.status, answer.header(ALLOW)), (kind.pending, None));
        let nobody = Request::form(kind.device, &[("client_id", "nobody")]).with("Origin", PAGE);
        assert_eq!(scene.send(nobody).header(ALLOW), None);
        scene.approve();
        scene.wait(5);
        let tokens = poll(&mut scene, PAGE);
        assert_eq!((tokens.status, tokens.header(ALLOW)), (200, Some(PAGE)));
    }
}

#[test]
pub(crate) fn preflights_are_refused_and_simple_requests_are_not() {
    for kind in ALL {
        let mut scene = scene(kind, "X-63");
        for target in [kind.device, kind.token] {
            let refused = preflight(&mut scene, target, PAGE);
            assert_eq!((refused.status, refused.header(ALLOW)), (403, None));
        }
        let started = start(&mut scene, PAGE);
        assert_eq!(started.header(ALLOW), start(&mut sound(kind), PAGE).header(ALLOW));
    }
}

#[test]
pub(crate) fn the_origin_null_is_refused_or_echoed() {
    for kind in ALL {
        let mut refused = variant(kind, "X-64", "refused");
        assert_eq!(start(&mut refused, "null").header(ALLOW), None);
        assert_eq!(preflight(&mut refused, kind.device, "null").header(ALLOW), None);
        let mut echoed = variant(kind, "X-64", "echoed");
        assert_eq!(start(&mut echoed, "null").header(ALLOW), Some("null"));
        let preflight = preflight(&mut echoed, kind.device, "null");
        assert_eq!((preflight.status, preflight.header(ALLOW)), (204, Some("null")));
    }
    // A page with an origin of its own sees no difference.
    assert_eq!(
        start(&mut variant(RFC, "X-64", "refused"), PAGE).header(ALLOW),
        Some(PAGE)
    );
}
