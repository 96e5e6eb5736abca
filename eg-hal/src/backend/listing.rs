//! Lists names so that a person can take them in.

/// The names in their order, with runs of numbers drawn together: `GPIO0…GPIO27, ID_SDA`.
pub(crate) fn listing<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut runs: Vec<(&str, &str)> = Vec::new();
    for name in names {
        match runs.last_mut() {
            Some((_, last)) if follows(last, name) => *last = name,
            Some(_) | None => runs.push((name, name)),
        }
    }
    if runs.is_empty() {
        return "none".to_owned();
    }
    let shown = runs.iter().map(|(first, last)| match (first, last) {
        (first, last) if first == last => (*first).to_owned(),
        (first, last) => format!("{first}…{last}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn follows(one: &str, next: &str) -> bool {
    let split = |name: &'_ str| {
        let word = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (word, name[word..].parse::<u64>().ok())
    };
    match (split(one), split(next)) {
        ((word, Some(low)), (other, Some(high))) => {
            one[..word] == next[..other] && low.checked_add(1) == Some(high)
        }
        ((_, _), (_, _)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::listing;

    #[test]
    fn draws_runs_of_numbers_together() {
        assert_eq!(listing(["GPIO0", "GPIO1", "GPIO2", "GPIO7", "SDA"]), "GPIO0…GPIO2, GPIO7, SDA");
        assert_eq!(listing(["i2c-1"]), "i2c-1");
        assert_eq!(listing([]), "none");
    }
}
