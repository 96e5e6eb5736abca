//! Files that every page loads, held in the binary.

/// One file, ready to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its media type, with its character set.
    pub media_type: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The file of this name under `/assets/`: `eg.css`, `eg.js` or `eg.svg`.
pub fn asset(name: &str) -> Option<Asset> {
    let (media_type, text) = match name {
        "eg.css" => ("text/css; charset=utf-8", include_str!("../assets/eg.css")),
        "eg.js" => ("text/javascript; charset=utf-8", include_str!("../assets/eg.js")),
        "eg.svg" => ("image/svg+xml; charset=utf-8", include_str!("../assets/eg.svg")),
        _ => return None,
    };
    Some(Asset { media_type, text })
}
