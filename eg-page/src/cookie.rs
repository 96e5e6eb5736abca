//! Cookies of a request.

/// Returns the value of the first cookie of this name in a `Cookie` header (RFC 6265, section 4.2.1).
pub fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find_map(|(known, value)| (known == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::cookie;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let header = "xlang=de; lang=fr;eg_session=a=b; lang=en";

        assert_eq!(cookie(header, "lang"), Some("fr"));
        assert_eq!(cookie(header, "eg_session"), Some("a=b"));
        assert_eq!(cookie(header, "session"), None);
        assert_eq!(cookie("", "lang"), None);
    }
}
