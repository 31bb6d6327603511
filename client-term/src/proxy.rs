//! Which proxy the environment names, as curl reads it: what people have set for other programs holds here too.

/// The proxy for an address of this scheme and host; `None` if it is reached directly.
///
/// `https_proxy` or `HTTPS_PROXY`, and for plain http `http_proxy` alone, as a web server hands its programs a header named
/// `Proxy` in `HTTP_PROXY`; else `all_proxy` or `ALL_PROXY`; never for what `no_proxy` or `NO_PROXY` lists.
pub(crate) fn choose(scheme: &str, host: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let first = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| variable(name));
        values.find(|value| !value.trim().is_empty())
    };
    let direct = first(&["no_proxy", "NO_PROXY"]).is_some_and(|list| is_listed(&list, host));
    let names: &[&str] = match scheme {
        "https" => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        _ => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    first(names).filter(|_| !direct)
}

/// Whether the list names the host, or a domain that it belongs to; `*` names all.
fn is_listed(list: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    list.split([',', ' ']).map(str::trim).any(|entry| {
        let entry = entry
            .trim_start_matches("*.")
            .trim_start_matches('.')
            .to_ascii_lowercase();
        let is_below = || host.strip_suffix(&entry).is_some_and(|front| front.ends_with('.'));
        !entry.is_empty() && (entry == "*" || entry == host || is_below())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(scheme: &str, host: &str, environment: &[(&str, &str)]) -> Option<String> {
        let variable = |name: &str| {
            let mut found = environment.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| (*value).to_owned())
        };
        choose(scheme, host, variable)
    }

    // What to expect is said by curl(1), section "ENVIRONMENT".

    #[test]
    fn each_scheme_has_a_proxy_of_its_own_and_all_proxy_is_for_the_rest() {
        let environment = [
            ("HTTPS_PROXY", "http://secure:1"),
            ("http_proxy", "http://plain:1"),
            ("ALL_PROXY", "socks5://all:1"),
        ];
        assert_eq!(
            chosen("https", "id.example", &environment),
            Some("http://secure:1".into())
        );
        assert_eq!(
            chosen("http", "id.example", &environment),
            Some("http://plain:1".into())
        );
        assert_eq!(
            chosen("https", "id.example", &environment[1..]),
            Some("socks5://all:1".into())
        );
        assert_eq!(chosen("https", "id.example", &environment[1..2]), None);
    }

    #[test]
    fn lower_case_comes_first_and_an_empty_value_counts_as_none() {
        let environment = [("https_proxy", "http://lower:1"), ("HTTPS_PROXY", "http://upper:1")];
        assert_eq!(
            chosen("https", "id.example", &environment),
            Some("http://lower:1".into())
        );
        let environment = [("https_proxy", ""), ("HTTPS_PROXY", "http://upper:1")];
        assert_eq!(
            chosen("https", "id.example", &environment),
            Some("http://upper:1".into())
        );
    }

    #[test]
    fn http_proxy_in_upper_case_is_a_header_of_somebody() {
        // CVE-2016-5385 and its kin.
        assert_eq!(chosen("http", "id.example", &[("HTTP_PROXY", "http://theirs:1")]), None);
    }

    #[test]
    fn no_proxy_names_hosts_and_the_domains_above_them() {
        for (list, host, is_direct) in [
            ("id.example", "id.example", true),
            ("example", "id.example", true),
            (".example", "ID.example", true),
            ("*.example", "id.example", true),
            ("other, id.example", "id.example", true),
            ("*", "id.example", true),
            ("d.example", "id.example", false),
            ("id.example", "id.example.com", false),
            ("", "id.example", false),
        ] {
            let environment = [("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", list)];
            assert_eq!(
                chosen("https", host, &environment).is_none(),
                is_direct,
                "{list} {host}"
            );
        }
    }
}
