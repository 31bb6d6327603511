//! Facts about signing out at the server (OpenID Connect RP-Initiated Logout 1.0).

/// What the end session endpoint asks for, and where it leads.
#[derive(Clone, Copy)]
pub(crate) struct EndSession {
    pub(crate) methods: &'static [&'static str],
    /// Whether only a valid `id_token_hint` ends a session; else nobody looks at it.
    pub(crate) hint_required: bool,
    /// Whether somebody who is not signed in has to sign in first, to be signed out then.
    pub(crate) asks_to_sign_in: bool,
    /// The page that ends the session; `None` where the endpoint itself does.
    pub(crate) flow: Option<&'static str>,
    pub(crate) way_back: WayBack,
    pub(crate) end: End,
}

/// What becomes of a `post_logout_redirect_uri`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WayBack {
    /// Nobody looks at it.
    Ignored,
    /// It is followed if it is registered; else nobody looks at it.
    IgnoredUnlessRegistered,
    /// It is followed if the client of the hint has registered it; else the request is refused.
    RefusedUnlessRegistered,
}

/// Where the browser ends up without a way back.
#[derive(Clone, Copy)]
pub(crate) enum End {
    /// At the page to sign in.
    SignIn,
    /// At a page that says so: title and text.
    Notice(&'static str, &'static str),
}
