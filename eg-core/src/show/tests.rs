//! Mistakes in a show's file, each at its place.

use super::read;
use eg_config::Source;

fn heads(yaml: &str) -> Vec<String> {
    let problems = read(&Source::text("evening.yaml", yaml)).unwrap_err();
    problems.iter().map(|problem| problem.head()).collect()
}

#[test]
fn every_mistake_is_told_with_its_place_and_the_nearest_word() {
    let yaml = "show: An evening\nitems:\n  - { name: one, game: night-vot }\n  \
        - { name: two, game: majority, config: { question: Who?, options: [A, B], quorom: 2 }, then: { A: thre }, wiat: true }\n  \
        - { name: three, game: buzzer }\n  - { name: one, game: buzzer }\n  - { name: end, game: buzzer }\n";

    let heads = heads(yaml);

    let wanted = [
        "evening.yaml:3:24: items[0].game: no game called \"night-vot\"; did you mean \"night-vote\"?",
        "unknown key \"quorom\"; did you mean \"quorum\"?",
        "no item called \"thre\"; did you mean \"three\"?",
        "unknown key \"wiat\"; did you mean \"wait\"?",
        "another item is called \"one\" already",
        "\"end\" is where a show goes, and no item's name",
    ];
    for wanted in wanted {
        assert!(heads.iter().any(|head| head.contains(wanted)), "{wanted}: {heads:#?}");
    }
    assert_eq!(heads.len(), wanted.len(), "{heads:#?}");
}

#[test]
fn an_item_that_nothing_leads_to_is_told() {
    let heads = heads(
        "show: s\nitems:\n  - { name: one, game: buzzer, next: end }\n  - { name: lost, game: buzzer }\n",
    );

    assert_eq!(
        heads,
        [
            "evening.yaml:4:13: items[1].name: nothing leads to \"lost\"; name it in a `then` or a `next`, or take it out"
        ]
    );
}

#[test]
fn a_round_without_an_operator_is_told_and_one_with_is_not() {
    let round = |wait: &str| {
        format!(
            "show: s\nitems:\n  - {{ name: one, game: buzzer }}\n  - {{ name: two, game: buzzer{wait}, next: one }}\n"
        )
    };

    let heads = heads(&round(""));
    let fine = read(&Source::text("evening.yaml", round(", wait: true")));

    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(heads[0].contains("this goes round without an operator: one → two → one"), "{heads:?}");
    assert!(heads[0].starts_with("evening.yaml:3:"), "{heads:?}");
    assert!(fine.is_ok());
}

#[test]
fn a_show_without_items_is_none() {
    let heads = heads("show: s\nitems: []\n");

    assert!(heads[0].contains("at least one item"), "{heads:?}");
}

#[test]
fn what_is_not_said_follows_from_the_order() {
    let show = read(&Source::text(
        "evening.yaml",
        "show: s\nitems:\n  - { name: one, game: buzzer }\n  - { name: two, game: buzzer }\n",
    ))
    .unwrap();

    let next: Vec<_> = show.items.iter().map(|item| item.next.as_str()).collect();
    assert_eq!(next, ["two", "end"]);
}
