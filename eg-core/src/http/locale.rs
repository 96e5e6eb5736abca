//! Language that a request asks for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use eg_page::Lang;
use std::convert::Infallible;

/// Language of the answer: by `?lang=`, else by the cookie that a page left, else by `Accept-Language`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Locale(pub(crate) Lang);

impl Locale {
    /// Returns the language that a request with this address and these headers asks for.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let mut asked = uri.query().unwrap_or_default().split('&');
        let asked = asked.find_map(|pair| pair.strip_prefix("lang="));
        let (cookies, accepted) = (text(header::COOKIE), text(header::ACCEPT_LANGUAGE));
        Self(Lang::chosen(asked, cookies.unwrap_or_default(), accepted.unwrap_or_default()))
    }
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// Returns a `Set-Cookie` header that remembers the language.
pub(crate) fn remember(lang: Lang) -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, lang.cookie())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_wins_over_the_cookie_and_the_cookie_over_the_browser() {
        let spoken = |uri: &str, cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, "fr-CA,fr;q=0.9".parse().unwrap());
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            Locale::of(&uri.parse().unwrap(), &headers).0
        };

        assert_eq!(spoken("/", "eg_session=x"), Lang::Fr);
        assert_eq!(spoken("/", "eg_session=x; lang=en"), Lang::En);
        assert_eq!(spoken("/?token=y&lang=fr", "lang=en"), Lang::Fr);
    }
}
