//! The pages as HTML: one column for a phone, large targets, everything escaped.

use std::fmt::Write;

use crate::personality::Words;

/// What every page has around its step.
pub(super) struct Shell<'a> {
    pub(super) brand: &'a str,
    /// Stands before every path.
    pub(super) folder: &'a str,
    /// Where its forms go.
    pub(super) action: &'a str,
    pub(super) form_token: &'a str,
}

/// The question for the user code.
pub(super) struct Enter<'a> {
    pub(super) code_parameter: &'a str,
    /// What was typed before.
    pub(super) code: &'a str,
    /// Whether the code has nothing but digits.
    pub(super) numeric: bool,
    pub(super) error: Option<&'a str>,
}

/// The question for name and password.
pub(super) struct SignIn<'a> {
    /// A hidden field: its name and its value.
    pub(super) kept: (&'a str, &'a str),
    /// What was typed before.
    pub(super) username: &'a str,
    pub(super) error: Option<&'a str>,
}

/// What the person is asked to approve.
pub(super) struct Confirm<'a> {
    pub(super) code_parameter: &'a str,
    pub(super) user_code: &'a str,
    pub(super) client: &'a str,
    pub(super) scope: &'a str,
    /// Who is signed in.
    pub(super) person: &'a str,
    pub(super) has_deny: bool,
}

/// A page that ends the story.
pub(super) struct Notice<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
    pub(super) good: bool,
    /// Where to try again, if that makes sense.
    pub(super) again: Option<&'a str>,
}

/// The form that asks for the user code.
pub(super) fn enter(shell: &Shell, words: &Words, enter: &Enter) -> String {
    let keyboard = if enter.numeric {
        "inputmode=\"numeric\""
    } else {
        "autocapitalize=\"characters\""
    };
    let body = format!(
        r#"<h1>{}</h1>
<p>{}</p>
{}{}<label for="code">{}</label>
<input class="code" id="code" name="{}" value="{}" autocomplete="off" {keyboard} spellcheck="false" required autofocus>
<button class="primary">{}</button>
</form>"#,
        escape(words.enter_title),
        escape(words.enter_text),
        alert(enter.error),
        form(shell, &[]),
        escape(words.code_label),
        escape(enter.code_parameter),
        escape(enter.code),
        escape(words.next),
    );
    document(shell, words.enter_title, &body)
}

/// The form that asks for name and password.
pub(super) fn sign_in(shell: &Shell, sign_in: &SignIn) -> String {
    // Whoever mistyped the password need not type the name again.
    let (focus_username, focus_password) = if sign_in.username.is_empty() {
        (" autofocus", "")
    } else {
        ("", " autofocus")
    };
    let body = format!(
        r#"<h1>Sign in</h1>
<p>to continue to {}</p>
{}{}<label for="username">Username</label>
<input id="username" name="username" value="{}" autocomplete="username" autocapitalize="none" spellcheck="false" required{focus_username}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{focus_password}>
<button class="primary">Sign in</button>
</form>"#,
        escape(shell.brand),
        alert(sign_in.error),
        form(shell, &[sign_in.kept]),
        escape(sign_in.username),
    );
    document(shell, "Sign in", &body)
}

/// The question: this code, this client, these scopes (S-23, S-24, S-74).
pub(super) fn confirm(shell: &Shell, words: &Words, confirm: &Confirm) -> String {
    let title = words.confirm_title.replace("{client}", confirm.client);
    let mut scopes = String::new();
    for scope in confirm.scope.split_ascii_whitespace() {
        let _ = write!(scopes, "<li>{}</li>", escape(&meaning(scope)));
    }
    let asks = if scopes.is_empty() {
        String::new()
    } else {
        format!(
            "<p class=\"asks\">{} will be able to:</p>\n<ul>{scopes}</ul>\n",
            escape(confirm.client)
        )
    };
    let deny = if confirm.has_deny {
        format!(
            "<button name=\"decision\" value=\"deny\">{}</button>\n",
            escape(words.deny)
        )
    } else {
        String::new()
    };
    let body = format!(
        r#"<h1>{}</h1>
<p>Does your device show this code?</p>
<p class="code">{}</p>
{}<p class="care">Only go on if you are in front of that device and started this yourself.</p>
{}<div class="choice">
<button class="primary" name="decision" value="approve">{}</button>
{}</div>
</form>
<p class="who">Signed in as {}</p>"#,
        escape(&title),
        escape(confirm.user_code),
        asks,
        form(shell, &[(confirm.code_parameter, confirm.user_code)]),
        escape(words.approve),
        deny,
        escape(confirm.person),
    );
    document(shell, &title, &body)
}

/// A page that ends the story, well or not.
pub(super) fn notice(shell: &Shell, notice: &Notice) -> String {
    let (class, sign) = if notice.good {
        ("sign good", "✓")
    } else {
        ("sign", "–")
    };
    let again = notice.again.map_or_else(String::new, |path| {
        format!(
            "\n<p><a class=\"button\" href=\"{}{}\">Try again</a></p>",
            escape(shell.folder),
            escape(path)
        )
    });
    let body = format!(
        "<div class=\"{class}\" aria-hidden=\"true\">{sign}</div>\n<h1>{}</h1>\n<p>{}</p>{again}",
        escape(notice.title),
        escape(notice.text),
    );
    document(shell, notice.title, &body)
}

/// What a scope lets a client do, in plain words; the scope itself if we have none.
fn meaning(scope: &str) -> String {
    match scope {
        "openid" => "Know who you are".to_owned(),
        "profile" => "See your name".to_owned(),
        "email" => "See your email address".to_owned(),
        "address" => "See your postal address".to_owned(),
        "phone" => "See your phone number".to_owned(),
        "groups" => "See which groups you are in".to_owned(),
        "offline_access" => "Stay signed in".to_owned(),
        other => format!("Use “{other}”"),
    }
}

fn form(shell: &Shell, hidden: &[(&str, &str)]) -> String {
    let mut form = format!(
        "<form method=\"post\" action=\"{}{}\">\n",
        escape(shell.folder),
        escape(shell.action)
    );
    for (name, value) in [("form_token", shell.form_token)].iter().chain(hidden) {
        let _ = writeln!(
            form,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
    }
    form
}

fn alert(error: Option<&str>) -> String {
    error.map_or_else(String::new, |error| {
        format!("<p class=\"error\" role=\"alert\">{}</p>\n", escape(error))
    })
}

fn document(shell: &Shell, title: &str, body: &str) -> String {
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<style>
{}</style>
</head>
<body>
<header><i></i>{}</header>
<main>
{body}
</main>
<footer>A mock for tests: do not type a password of your own.</footer>
</body>
</html>
"#,
        escape(title),
        include_str!("page.css"),
        escape(shell.brand),
    )
}

/// Text that is safe between tags and inside double-quoted attributes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
