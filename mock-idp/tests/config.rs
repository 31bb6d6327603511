//! The configuration file: what it may say, what it may not, and the one that `mock-idp init` writes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::path::Path;

use mock_idp::{Assumptions, AuthentikVersion, Config, Listeners, Product, RateLimit, RateLimits};
use toml::{Table, Value};

#[track_caller]
fn refused(text: &str) -> String {
    Config::parse(text).unwrap_err().to_string()
}

/// The commented file with its examples switched on.
fn with_examples() -> String {
    let lines = Config::COMMENTED.lines();
    let lines = lines.map(|line| match line.strip_prefix('#') {
        Some(example) if !example.is_empty() && !example.starts_with(' ') => example,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_commented_file_says_what_holds_without_it() {
    assert_eq!(Config::parse(Config::COMMENTED).unwrap(), Config::default());
    assert_eq!(Config::parse("").unwrap(), Config::default());
}

#[test]
fn every_setting_stands_in_the_commented_file() {
    let text = with_examples();
    Config::parse(&text).unwrap();
    let file: Table = text.parse().unwrap();
    let mut seen = Vec::new();
    for path in tables(&Value::Table(file.clone()), &[]) {
        // A field that does not exist is refused with the names of those that do.
        let mut wrong = Value::Table(file.clone());
        table(&mut wrong, &path).insert("nonsense".to_owned(), Value::Boolean(true));
        let problem = wrong.try_into::<Config>().unwrap_err().to_string();
        let (_, known) = problem.split_once("unknown field `nonsense`, expected ").unwrap();
        let known = known.lines().next().unwrap().split('`').skip(1).step_by(2);
        let mut whole = Value::Table(file.clone());
        let shown = table(&mut whole, &path);
        for name in known {
            assert!(shown.contains_key(name), "{path:?} shows no {name:?}");
            seen.push(name.to_owned());
        }
    }
    for name in [
        "seed",
        "rfc",
        "skew",
        "retired",
        "secret",
        "groups",
        "denied_scopes",
        "variant",
        "steps",
    ] {
        assert!(seen.iter().any(|each| each == name), "{name:?} was looked for");
    }
}

/// Where each kind of table stands, the whole file first. The language of scripts is the README's.
fn tables(value: &Value, path: &[&str]) -> Vec<Vec<String>> {
    if path.last() == Some(&"steps") {
        return Vec::new();
    }
    match value {
        Value::Table(table) => {
            let own = path.iter().map(|key| (*key).to_owned()).collect();
            let inner = table
                .iter()
                .flat_map(|(key, value)| tables(value, &[path, &[key]].concat()));
            [own].into_iter().chain(inner).collect()
        }
        Value::Array(list) => list.first().map(|first| tables(first, path)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The table there, the first one of a list.
fn table<'a>(value: &'a mut Value, path: &[String]) -> &'a mut Table {
    let inner = match value {
        Value::Array(list) => return table(&mut list[0], path),
        Value::Table(inner) => inner,
        _ => panic!("{path:?} is no table"),
    };
    match path.split_first() {
        Some((key, rest)) => table(&mut inner[key], rest),
        None => inner,
    }
}

#[test]
fn the_commented_file_shows_all_that_can_be_assumed() {
    for switch in Assumptions::ALL {
        let mut lines = Config::COMMENTED.lines();
        let line = lines.find(|line| line.starts_with(switch.name)).unwrap_or_default();
        for value in switch.values {
            assert!(line.contains(&format!("{:?}", value.name)), "{line}: {}", value.name);
        }
    }
}

/// What the README shows in fences of this kind.
fn shown(kind: &str) -> Vec<&'static str> {
    let readme = include_str!("../README.md");
    let parts = readme.split("```").skip(1).step_by(2);
    parts
        .filter_map(|part| part.strip_prefix(kind)?.strip_prefix('\n'))
        .collect()
}

#[test]
fn every_file_that_the_readme_shows_is_right() {
    let files = shown("toml");
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let config = Config::parse(file);
        assert!(config.is_ok(), "{file}{}", config.unwrap_err());
    }
}

#[test]
fn what_is_left_out_stays() {
    let config = Config::parse("authentik_version = '2025.6'\n[listen]\nokta = 1\nrfc = '[::1]:2'\n").unwrap();
    assert_eq!(config.authentik_version, AuthentikVersion::V2025_6);
    let mut listen = Listeners::default();
    listen.set(Product::Okta, "127.0.0.1:1".parse().unwrap());
    listen.set(Product::Rfc, "[::1]:2".parse().unwrap());
    assert_eq!(config.listen, listen);
    assert_eq!(config.clients, Config::default().clients);
}

#[test]
fn rate_limits_are_one_for_all_or_one_by_one() {
    let limits = |text: &str| Config::parse(text).unwrap().rate_limits;
    assert_eq!(limits("rate_limits = 'off'"), RateLimits::all(RateLimit::Off));
    let mut expected = RateLimits::default();
    expected.set("okta-org", RateLimit::Count(600)).unwrap();
    assert_eq!(limits("rate_limits = { okta-org = 600 }"), expected);
    assert!(refused("rate_limits = -1").starts_with("1:15: "));
}

#[test]
fn a_list_replaces_the_built_in_one() {
    let config = Config::parse("authorization_servers = []\n[[clients]]\nid = 'a'\nname = 'A'\n").unwrap();
    assert_eq!(config.clients.len(), 1);
    assert_eq!(config.clients[0].id, "a");
    assert_eq!(config.authorization_servers, []);
}

#[test]
fn a_problem_is_told_with_its_place() {
    for (text, place, words) in [
        (
            "colour = 1",
            "1:1: ",
            "unknown field `colour`, expected one of `seed`, ",
        ),
        (
            "[[clients]]\nid = 'a'\nname = 'Ä'\n  colour = 1\n",
            "4:3: ",
            "expected one of `id`, `name`",
        ),
        ("[[clients]]\nid = 'a'\n", "1:1: ", "missing field `name`"),
        ("[[users]]\nusername = 3\n", "2:12: ", "expected a string"),
        ("journal = -1", "1:11: ", "`-1`"),
        ("seed = 'x'", "1:8: ", "expected a whole number"),
        ("authentik_version = 2026.2", "1:21: ", "expected a string"),
        (
            "authentik_version = '2024.2'",
            "1:21: ",
            "there are: 2025.6, 2026.2, 2026.5",
        ),
        (
            "page_origins = ['tv.example']",
            "1:16: ",
            "such as http://127.0.0.1:8080",
        ),
        ("[listen]\nkeycloak = 1\n", "2:1: ", "expected one of `control`, `okta`"),
        ("[listen]\nokta = 65536\n", "2:8: ", "a port from 0 to 65535"),
        ("[listen]\nokta = 'here'\n", "2:8: ", "write a PORT or a HOST:PORT"),
        ("[clock]\nnow = 253402300800\n", "2:7: ", "up to 253402300799"),
        ("clock = { skew = 3155760001 }", "1:18: ", "from -3155760000"),
        ("[keys]\nretired = 10\n", "2:11: ", "from 0 to 9"),
        ("seed = \n", "1:8: ", "init FILE"),
    ] {
        let problem = refused(text);
        assert!(
            problem.starts_with(place) && problem.contains(words),
            "{text}: {problem}"
        );
    }
}

#[test]
fn what_could_never_be_used_is_told_with_its_place() {
    let first = "[[clients]]\nid = 'a'\nname = 'A'\n";
    let second = |more: &str| format!("{first}[[clients]]\nname = 'B'\n{more}\n");
    let user = |name: &str, password: &str| {
        format!("[[users]]\nusername = '{name}'\npassword = '{password}'\nname = 'U'\nemail = 'u@e.test'\n")
    };
    let server = |id: &str| format!("[[authorization_servers]]\nid = '{id}'\n");
    for (text, place, words) in [
        (second("id = ''"), "4:1: ", "a client's `id` is empty"),
        (second("id = 'a'"), "4:1: ", "\"a\" stands in `clients` twice"),
        (
            second("id = 'b'\nsecret = ''"),
            "4:1: ",
            "leave it out for a public client",
        ),
        (
            second("id = 'b'\ngrant_types = ['device_code']"),
            "4:1: ",
            "the mock knows \"urn:",
        ),
        (user("", "p"), "1:1: ", "a user's `username` is empty"),
        (user("u", ""), "1:1: ", "the `password` of user \"u\" is empty"),
        (
            user("u", "p") + &user("u", "q"),
            "6:1: ",
            "\"u\" stands in `users` twice",
        ),
        (server("a/b"), "1:1: ", "not \"a/b\""),
        (
            server("a") + &server("a"),
            "3:1: ",
            "\"a\" stands in `authorization_servers` twice",
        ),
        (
            "scenarios = [{ id = 'X-23' }, { id = 'X-99' }]".to_owned(),
            "1:31: ",
            "no scenario \"X-99\"",
        ),
        (
            "[[scenarios]]\nid = 'X-23'\nissuer = 'keycloak'\n".to_owned(),
            "1:1: ",
            "there are: okta-org",
        ),
        ("[[scenarios]]\nid = 'X-23'\ncount = 0\n".to_owned(), "1:1: ", "count"),
        ("[[scripts]]\nsteps = []\n".to_owned(), "1:1: ", "`steps` is empty"),
    ] {
        let problem = refused(&text);
        assert!(
            problem.starts_with(place) && problem.contains(words),
            "{text}: {problem}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let problem = Config::read(Path::new("no/such.toml")).unwrap_err().to_string();
    assert!(problem.starts_with("no/such.toml: cannot be read: "), "{problem}");
}
