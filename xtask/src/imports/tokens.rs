//! Words and signs of Rust code, without comments, texts and tests.

/// Splits code into identifiers, `::` and single signs. Comments, texts and what stands under `#[cfg(test)]` are left
/// out; of a lifetime and a character only the sign is.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    without_tests(split(&without_comments_and_texts(text)))
}

fn without_comments_and_texts(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut at, mut depth) = (String::new(), 0, 0);
    let starts = |at: usize, word: &str| {
        word.chars().enumerate().all(|(n, c)| chars.get(at + n) == Some(&c))
    };
    while let Some(&c) = chars.get(at) {
        if starts(at, "/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if depth > 0 {
            if starts(at, "*/") {
                (depth, at) = (depth - 1, at + 1);
            }
            at += 1;
        } else if starts(at, "//") {
            while chars.get(at).is_some_and(|c| *c != '\n') {
                at += 1;
            }
        } else if c == 'r' && (starts(at, "r\"") || starts(at, "r#\"") || starts(at, "r##\"")) {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            let end = format!("\"{}", "#".repeat(hashes));
            at += hashes + 2;
            while at < chars.len() && !starts(at, &end) {
                at += 1;
            }
            at += end.len();
        } else if c == '"' {
            at += 1;
            while chars.get(at).is_some_and(|c| *c != '"') {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if c == '\''
            && (chars.get(at + 2) == Some(&'\'') || chars.get(at + 1) == Some(&'\\'))
        {
            at += 2;
            while chars.get(at).is_some_and(|c| *c != '\'') {
                at += 1;
            }
            at += 1;
        } else {
            code.push(c);
            at += 1;
        }
    }
    code
}

fn split(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            _ if is_part(first) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Leaves out each item under `#[cfg(test)]`: up to its `;`, or to the end of its block.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if !tokens[at..].iter().map(String::as_str).take(MARK.len()).eq(MARK) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        for token in &tokens[at..] {
            at += 1;
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                ";" if depth == 0 => break,
                _ => continue,
            }
            if depth == 0 {
                break;
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn code_alone_is_left() {
        let code = "use a::b; // c::d\n/* e::f */ let s = \"g::h\\\"\"; let r = r#\"i::\"j\"#; 'k'; x::<'l>();\n\
                    #[cfg(test)]\nmod tests { use m::n; fn o() { {} } }\n#[cfg(test)]\nuse p::q;\nfn last() {}";

        assert_eq!(
            tokens(code).join(" "),
            "use a :: b ; let s = ; let r = ; ; x :: < ' l > ( ) ; fn last ( ) { }"
        );
    }
}
