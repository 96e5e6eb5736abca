//! Paths that a file names, made absolute within its crate.

/// A path as it stands in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// Segments from the root of the crate.
    pub(crate) segments: Vec<String>,
    /// Name under which a `use` brings it in; none for a glob, and the last segment elsewhere.
    pub(crate) name: Option<String>,
    /// `true` if it is a `use` that others may use too: `pub use`, `pub(crate) use`.
    pub(crate) gives_on: bool,
}

/// Every path within the crate that the tokens of a module name.
pub(crate) fn paths(tokens: &[String], module: &[String]) -> Vec<Path> {
    let children: Vec<&String> =
        tokens.windows(3).filter(|t| t[0] == "mod" && t[2] == ";").map(|t| &t[1]).collect();
    let absolute = |segments: &[String]| -> Option<Vec<String>> {
        let mut base = module.to_vec();
        let mut rest = segments;
        match segments.first()?.as_str() {
            "crate" => (base, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            first if children.iter().any(|child| *child == first) => {}
            _ => return None,
        }
        base.extend_from_slice(rest);
        Some(base)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == "use" {
            let gives_on = is_pub(&tokens[..at]);
            let end = tokens[at..].iter().position(|t| t == ";").map_or(tokens.len(), |n| at + n);
            let mut leaves = Vec::new();
            tree(&tokens[at + 1..end], &mut Vec::new(), &mut leaves);
            for (segments, name) in leaves {
                if let Some(segments) = absolute(&segments) {
                    found.push(Path { segments, name, gives_on });
                }
            }
            at = end;
        } else if starts_path(tokens, at) {
            let mut segments = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|t| t == "::")
                && tokens.get(at + 2).is_some_and(|t| is_name(t))
            {
                segments.push(tokens[at + 2].clone());
                at += 2;
            }
            if let Some(segments) = absolute(&segments) {
                let name = segments.last().cloned();
                found.push(Path { segments, name, gives_on: false });
            }
        }
        at += 1;
    }
    found
}

/// `true` if a path of two segments or more begins here, and not in the middle of one.
fn starts_path(tokens: &[String], at: usize) -> bool {
    let in_the_middle = at > 0 && tokens[at - 1] == "::";
    // `pub(in crate::engine)` says who may name an item, and names none.
    let is_visibility = tokens[..at].ends_with(&["pub", "(", "in"].map(str::to_owned));
    let begins = is_name(&tokens[at]) && !in_the_middle && !is_visibility;
    begins && tokens.get(at + 1).is_some_and(|t| t == "::")
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// `true` if the tokens end with a visibility: `pub`, or `pub(crate)` and its like.
fn is_pub(before: &[String]) -> bool {
    match before.last().map(String::as_str) {
        Some("pub") => true,
        Some(")") => before.iter().rev().take(6).any(|token| token == "pub"),
        Some(_) | None => false,
    }
}

/// Leaves of the tree of a `use`, each with its segments and the name that it gets; none for a glob.
fn tree(
    tokens: &[String],
    prefix: &mut Vec<String>,
    leaves: &mut Vec<(Vec<String>, Option<String>)>,
) {
    let known = prefix.len();
    let mut at = 0;
    let mut name = None;
    let mut is_leaf = true;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "{" => {
                is_leaf = false;
                for branch in branches(&tokens[at + 1..tokens.len() - 1]) {
                    tree(branch, prefix, leaves);
                }
                break;
            }
            "*" => {
                is_leaf = false;
                leaves.push((prefix.clone(), None));
            }
            "as" => {
                name = tokens.get(at + 1).cloned();
                at += 1;
            }
            "self" if !prefix.is_empty() => {}
            word if is_name(word) => prefix.push(word.to_owned()),
            _ => {}
        }
        at += 1;
    }
    if is_leaf && !tokens.is_empty() {
        leaves.push((prefix.clone(), name.or_else(|| prefix.last().cloned())));
    }
    prefix.truncate(known);
}

/// Parts of a group, split at its own commas.
fn branches(tokens: &[String]) -> Vec<&[String]> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&tokens[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::paths;
    use crate::imports::tokens::tokens;

    #[test]
    fn every_leaf_of_a_use_is_a_path_of_its_own() {
        let code = "mod c;\npub(crate) use crate::a::{self, b::{X, Y as Z}, d::*};\nuse super::e;\nuse c::F;\nuse std::fmt;";

        let found = paths(&tokens(code), &["m".to_owned(), "n".to_owned()]);

        let said: Vec<_> = found
            .iter()
            .map(|p| {
                format!(
                    "{} {} {}",
                    p.segments.join("/"),
                    p.name.as_deref().unwrap_or("*"),
                    p.gives_on
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "a a true",
                "a/b/X X true",
                "a/b/Y Z true",
                "a/d * true",
                "m/e e false",
                "m/n/c/F F false"
            ]
        );
    }
}
