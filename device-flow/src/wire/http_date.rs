//! HTTP dates (RFC 9110 section 5.6.7), in the three forms that every recipient must accept.
//!
//! Written here because the crate that does it needs `std`, which the core has not.

use alloc::vec::Vec;

use crate::time::UnixTime;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `None` for what is no date between 1970 and 9999.
pub(super) fn read(text: &str) -> Option<UnixTime> {
    let parts: Vec<_> = text
        .split([' ', ',', '-', ':'])
        .filter(|part| !part.is_empty())
        .collect();
    // The first form and the obsolete one of RFC 850 have the same parts; the last is that of C's `asctime`.
    // The name of the day says nothing new.
    let ([_, day, month, year, hour, minute, second, "GMT"] | [_, month, day, hour, minute, second, year]) = parts[..]
    else {
        return None;
    };
    let number = |text: &str, least, most| text.parse().ok().filter(|n: &u64| (least..=most).contains(n));
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let year = match (year.len(), number(year, 0, 9999)?) {
        (2, year) => year + if year < 70 { 2000 } else { 1900 },
        (_, year) => year,
    };
    // A leap second is the second after.
    let clock = number(hour, 0, 23)? * 3600 + number(minute, 0, 59)? * 60 + number(second, 0, 60)?;
    let days = days(year, month, number(day, 1, 31)?).checked_sub(days(1970, 1, 1))?;
    Some(UnixTime::from_secs(days * 86_400 + clock))
}

/// Days since a day before all of them. Years are counted from March, so that a leap day is a year's last.
const fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.saturating_sub(1), month + 9)
    };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn the_three_forms_of_the_rfc_are_one_moment() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(read(text), Some(UnixTime::from_secs(784_111_777)), "{text}");
        }
    }

    #[test]
    fn every_day_is_read_as_others_write_it() {
        for day in 0..200_000 {
            let seconds = day * 86_400 + day % 86_400;
            let text = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(read(&text), Some(UnixTime::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn two_digits_of_a_year_are_the_nearer_century() {
        // RFC 9110 section 5.6.7 asks for what is not fifty years ahead; here as POSIX has it for `%y`, save 1969.
        let seconds = |text| read(text).map(UnixTime::as_secs);
        assert_eq!(seconds("Tuesday, 06-Jan-70 00:00:00 GMT"), Some(432_000));
        assert_eq!(seconds("Sunday, 06-Jan-69 00:00:00 GMT"), Some(3_124_656_000));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "120",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, 06 Now 1994 08:49:37 GMT",
            "Wed, 31 Dec 1969 23:59:59 GMT",
            "Sun, 06 Nov 0 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:18446744073709551616 GMT",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
