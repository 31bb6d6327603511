//! What an IP address looks like.
//!
//! Reading one, as the standard library does, weighs a kilobyte more in a page; the tests hold both to the same results.

use alloc::vec::Vec;

/// Four numbers without leading zeros (RFC 6943 section 3.1.1, the strict form).
pub(crate) fn is_v4(text: &str) -> bool {
    let is_number = |part: &str| {
        let is_plain = part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
        is_plain && part.parse::<u16>().is_ok_and(|number| number < 256)
    };
    text.split('.').count() == 4 && text.split('.').all(is_number)
}

/// RFC 4291 section 2.2, without a zone.
pub(crate) fn is_v6(text: &str) -> bool {
    let mut groups: Vec<&str> = text.split(':').collect();
    // The last two may be written as four numbers.
    if groups.pop_if(|last| is_v4(last)).is_some() {
        groups.extend(["0", "0"]);
    }
    // A gap at an end leaves two empty texts there; one alone is no gap.
    let groups = match &groups[..] {
        ["", "", ..] => &groups[1..],
        ["", _, ..] => return false,
        groups => groups,
    };
    let groups = match groups {
        [rest @ .., ""] if rest.last() == Some(&"") => rest,
        [.., _, ""] => return false,
        groups => groups,
    };
    let is_group = |group: &&str| group.len() <= 4 && group.bytes().all(|b| b.is_ascii_hexdigit());
    let has_right_length = match groups.iter().filter(|group| group.is_empty()).count() {
        0 => groups.len() == 8,
        1 => groups.len() <= 8 && text.len() > 1,
        _ => false,
    };
    has_right_length && groups.iter().all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_others_read_is_an_ipv4_address(text in "(0|1|25|255|256|01|\\+1|a|)(\\.(0|1|25|255|256|01|)){2,4}") {
            prop_assert_eq!(is_v4(&text), text.parse::<Ipv4Addr>().is_ok());
        }

        #[test]
        fn what_others_read_is_an_ipv6_address(text in "::?|:?:?(([0-9a-fA-F]{1,5}|ffff|g|)::?){0,9}(::|[0-9a-f]{0,4}|1\\.2\\.3\\.4|1\\.2)") {
            prop_assert_eq!(is_v6(&text), text.parse::<Ipv6Addr>().is_ok(), "{}", text);
        }

        #[test]
        fn every_ipv6_address_is_one(address: [u16; 8], zeros in 0_u16..256) {
            let groups = core::array::from_fn(|at| if zeros >> at & 1 == 1 { 0 } else { address[at] });
            let address = Ipv6Addr::from(groups);
            prop_assert!(is_v6(&address.to_string()), "{}", address);
        }
    }
}
