//! Pages of rustdoc, read as text.

/// Text of a piece of a page: without tags and what opens and closes by a click, each space single.
pub(super) fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = without(html, "<summary", "</summary>");
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        if rest[at..].starts_with("<div") || rest[at..].starts_with("<br") {
            text.push(' ');
        }
        rest = rest[at..].split_once('>').map_or_else(String::new, |(_, rest)| rest.to_owned());
    }
    text.push_str(&rest);
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")];
    let text = signs.iter().fold(text, |text, (code, sign)| text.replace(code, sign));
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page without everything from each `open` to its `close`.
fn without(html: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after.split_once(close).map_or("", |(_, rest)| rest);
    }
    kept + rest
}

/// Every piece between these, in order.
pub(super) fn between<'h>(html: &'h str, open: &str, close: &str) -> Vec<&'h str> {
    html.split(open).skip(1).filter_map(|piece| Some(piece.split_once(close)?.0)).collect()
}

/// A section of a page by its id, up to the next section.
pub(super) fn section<'h>(html: &'h str, id: &str) -> Option<&'h str> {
    let (_, after) = html.split_once(&format!("<h2 id=\"{id}\""))?;
    Some(after.split_once("<h2 id=\"").map_or(after, |(section, _)| section))
}

#[cfg(test)]
mod tests {
    use super::{section, text};

    #[test]
    fn a_declaration_is_read_as_it_would_be_written() {
        let html = "pub fn <a href=\"x\">read</a>&lt;T: <a>From</a>&lt;&amp;'a <a>u8</a>&gt;&gt;() -&gt; T\
                    <details><summary class=\"hideme\"><span>Show 3 fields</span></summary></details>\
                    <div class=\"where\">where\n    T: Send,</div>";

        assert_eq!(text(html), "pub fn read<T: From<&'a u8>>() -> T where T: Send,");
    }

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let html = "<h2 id=\"a\">A</h2>one<h2 id=\"b\">B</h2>two";

        assert_eq!(section(html, "a"), Some(">A</h2>one"));
        assert_eq!(section(html, "c"), None);
    }
}
