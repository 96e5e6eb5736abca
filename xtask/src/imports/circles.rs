//! Circles of imports: files that each reach all others of their circle.

use std::collections::{BTreeMap, BTreeSet};

/// Sets of more than one file in which each imports, at once or over others, each of the others.
pub fn circles(edges: &BTreeSet<(String, String)>) -> Vec<Vec<String>> {
    let mut next = BTreeMap::<&str, Vec<&str>>::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        next.keys().map(|file| (*file, reached_from(file, &next))).collect();
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|set| set.contains(to));
    let mut found: Vec<Vec<String>> = Vec::new();
    for file in next.keys() {
        if !reaches(file, file) || found.iter().flatten().any(|known| known == file) {
            continue;
        }
        let circle = next.keys().filter(|other| reaches(file, other) && reaches(other, file));
        found.push(circle.map(|file| (*file).to_owned()).collect());
    }
    found
}

fn reached_from<'a>(file: &str, next: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut todo: Vec<&str> = next.get(file).into_iter().flatten().copied().collect();
    while let Some(file) = todo.pop() {
        if reached.insert(file) {
            todo.extend(next.get(file).into_iter().flatten());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn a_circle_has_those_alone_that_reach_each_other() {
        let edges =
            [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a"), ("f", "g"), ("g", "f")];
        let edges = edges.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();

        assert_eq!(circles(&edges), [vec!["a", "b", "c"], vec!["f", "g"]]);
    }
}
