//! Codes, and bytes that are none.

use super::{Checksum, Gives, LONGEST, Scan, Settings, Unusable};
use crate::{Moment, Reading, Span};
use proptest::prelude::*;
use std::time::Duration;

fn scan(settings: Settings) -> Scan {
    Scan::new(settings).unwrap()
}

/// Feeds bytes that come at once; gives the codes, and the problems of those that are none.
fn heard(scan: &mut Scan, at: u64, bytes: &[u8]) -> Vec<Result<String, String>> {
    let at = Moment(at * 1_000);
    bytes.iter().flat_map(|byte| scan.push(*byte, at)).map(said).collect()
}

fn said(found: Result<Reading, Unusable>) -> Result<String, String> {
    found.map_err(|unusable| unusable.why).map(|reading| match reading {
        Reading::Tag(text) | Reading::Line(text) | Reading::Key(text) => text,
        other @ (Reading::Level(_)
        | Reading::Turn(_)
        | Reading::Value { .. }
        | Reading::TagRemoved(_)
        | Reading::NoTag
        | Reading::Lost(_)
        | Reading::Ghost(_)) => panic!("{other:?}"),
    })
}

fn codes(settings: Settings, bytes: &[u8]) -> Vec<String> {
    heard(&mut scan(settings), 0, bytes).into_iter().filter_map(Result::ok).collect()
}

fn tags(bytes: &[u8]) -> Vec<String> {
    codes(Settings::default(), bytes)
}

fn lines() -> Settings {
    Settings { gives: Gives::Line, ..Settings::default() }
}

#[test]
fn any_line_end_ends_a_tag_and_two_end_it_once() {
    assert_eq!(
        tags(b"04a37c91\r\n04A37C92\n04A37C93\r04A37C94\t04A37C95\r\n"),
        ["04A37C91", "04A37C92", "04A37C93", "04A37C94", "04A37C95"]
    );
}

#[test]
fn pairs_that_something_parts_are_a_tag() {
    let sent = b"04 A3 7C 91\r\n04:a3:7c:92\r\n04-A3-7C-93\r\n 04A37C94 \r\n04:A37C:95\r\n";

    assert_eq!(tags(sent), ["04A37C91", "04A37C92", "04A37C93", "04A37C94"]);
}

#[test]
fn a_frame_of_stx_and_etx_is_a_code() {
    assert_eq!(tags(b"\x0204A37C91AB\r\n\x03"), ["04A37C91AB"]);
    assert_eq!(tags(b"noise\x0204A37C91\x03"), ["04A37C91"]);
    assert_eq!(codes(lines(), b"\x02ROOM-7\x03"), ["ROOM-7"]);
}

#[test]
fn a_frame_with_a_wrong_checksum_is_no_tag() {
    let mut reader = scan(Settings::default());
    let right = Ok("010063E9AE25".to_owned());
    let wrong = Err("checksum 25 where 35 was wanted".to_owned());

    assert_eq!(heard(&mut reader, 0, b"\x02010063E9AE25\x03"), std::slice::from_ref(&right));
    assert_eq!(heard(&mut reader, 65, b"\x02010063E9BE25\x03"), [wrong]);
    assert_eq!(heard(&mut reader, 130, b"\x02010063E9AE25\r\n\x03"), [right]);
}

#[test]
fn a_frame_that_lost_bytes_is_no_tag() {
    let mut reader = scan(Settings::default());

    assert!(heard(&mut reader, 0, b"\x0201006E9AE25\x03")[0].is_err(), "one byte, before any tag");
    assert!(heard(&mut reader, 65, b"\x02010063E9AE25\x03")[0].is_ok());
    assert!(heard(&mut reader, 130, b"\x020163E9AE25\x03")[0].is_err(), "two bytes");
    let cut = heard(&mut reader, 195, b"\x02010063\x02010063E9AE25\x03");
    assert_eq!(cut[0], Err("another frame began before it ended".to_owned()));
    assert_eq!(cut[1], Ok("010063E9AE25".to_owned()));
}

#[test]
fn a_checksum_is_checked_everywhere_or_taken_off_or_left_alone() {
    let with = |checksum, bytes| codes(Settings { checksum, ..Settings::default() }, bytes);
    let sent = b"010063E9AE25\r010063E9BE25\r";

    assert_eq!(with(Checksum::Check, sent), ["010063E9AE25"]);
    assert_eq!(with(Checksum::Strip, sent), ["010063E9AE"]);
    assert_eq!(with(Checksum::None, b"\x02010063E9BE25\x03"), ["010063E9BE25"]);
    assert_eq!(with(Checksum::Auto, sent), ["010063E9AE25", "010063E9BE25"]);
}

#[test]
fn a_line_is_whatever_was_printed() {
    let sent =
        "4006381333931\tROOM-7\rhttps://x.example/door?k=7\r]E04006381333931\r123,45678\r\nclé 7\r";

    assert_eq!(
        codes(lines(), sent.as_bytes()),
        [
            "4006381333931",
            "ROOM-7",
            "https://x.example/door?k=7",
            "]E04006381333931",
            "123,45678",
            "clé 7"
        ]
    );
}

#[test]
fn a_prefix_and_a_suffix_are_taken_off_and_what_has_none_is_dropped() {
    let settings = || Settings { prefix: "]E0".into(), suffix: Some("#".into()), ..lines() };
    let mut reader = scan(settings());

    assert_eq!(
        heard(&mut reader, 0, b"]E0400638#\r\n]E0a\tb#"),
        [Ok("400638".into()), Err("control characters within a code".into())]
    );
    assert_eq!(heard(&mut reader, 1, b"]C1400638#"), [Err("without the prefix \"]E0\"".into())]);
}

#[test]
fn a_code_of_a_length_needs_no_end() {
    let em18 = || Settings { length: Some(12), checksum: Checksum::Check, ..Settings::default() };
    let mut reader = scan(em18());

    assert_eq!(
        heard(&mut reader, 0, b"010063E9AE25010063E9AE25"),
        vec![Ok("010063E9AE25".to_owned()); 2]
    );
    assert_eq!(heard(&mut reader, 10, b"010063E9AE25\r\n"), [Ok("010063E9AE25".into())]);
    assert_eq!(heard(&mut reader, 20, b"10063E9AE25"), []);
    let after = heard(&mut reader, 2_000, b"010063E9AE25");
    assert_eq!(after, [Err("11 bytes where 12 were wanted".into()), Ok("010063E9AE25".into())]);
}

#[test]
fn a_code_without_an_end_is_whole_when_it_is_quiet_for_long_enough() {
    let timeout = Some(Span::from_millis(50));
    let mut reader = scan(Settings { timeout, ..Settings::default() });

    assert_eq!(heard(&mut reader, 0, b"010063"), []);
    assert_eq!(heard(&mut reader, 20, b"E9AE25"), []);
    assert_eq!(reader.rest(Moment(69_000)), None);
    assert_eq!(reader.patience(), Some(Duration::from_millis(50)));
    let whole = reader.rest(Moment(70_000));

    assert_eq!(whole.map(said), Some(Ok("010063E9AE25".into())));
    assert_eq!(reader.patience(), None);
}

#[test]
fn two_cards_without_an_end_are_not_one_tag_of_both() {
    let mut reader = scan(Settings::default());

    assert_eq!(heard(&mut reader, 0, b"010063E9AE25"), []);
    let second = heard(&mut reader, 1_500, b"010063E9AE25");
    let left = reader.rest(Moment(3_000_000)).map(said);

    let no_end = "no end came; code.length or code.timeout is for readers that send none";
    assert_eq!(second, [Err(no_end.to_owned())]);
    assert_eq!(left, Some(Err(no_end.to_owned())));
}

#[test]
fn what_is_no_tag_is_dropped_with_its_bytes_and_without_harm_to_the_next() {
    let mut reader = scan(Settings::default());
    let sent = b"ROOM-7\r123,45678\r\nAB\r\n\xff\x0004A37C91\r\n04A37C92\r\n";

    let found: Vec<_> = sent.iter().flat_map(|byte| reader.push(*byte, Moment(0))).collect();

    let dropped: Vec<&[u8]> =
        found.iter().filter_map(|one| one.as_ref().err()).map(|one| one.bytes.as_slice()).collect();
    assert_eq!(dropped, [b"ROOM-7".as_slice(), b"123,45678", b"AB", b"\xff\x0004A37C91"]);
    assert_eq!(found.last(), Some(&Ok(Reading::Tag("04A37C92".into()))));
}

#[test]
fn each_character_is_a_key_where_that_is_asked_for() {
    let keys = Settings { gives: Gives::Key, ..Settings::default() };

    assert_eq!(codes(keys, "7#é\r\n\t".as_bytes()), ["7", "#", "é", "enter", "tab"]);
}

#[test]
fn bytes_without_end_cost_no_memory() {
    let mut reader = scan(Settings::default());

    (0..100_000).for_each(|_| assert_eq!(reader.push(b'A', Moment(0)).count(), 0));

    assert_eq!(reader.bytes.len(), LONGEST);
    assert_eq!(heard(&mut reader, 0, b"\n"), [Err("longer than any code".to_owned())]);
    assert_eq!(heard(&mut reader, 0, b"04A37C91\n"), [Ok("04A37C91".to_owned())]);
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let refused = |settings| Scan::new(settings).err().unwrap().to_string();

    let suffix = Some(String::new());
    assert!(refused(Settings { suffix, ..lines() }).starts_with("code: suffix: it is empty"));
    assert!(refused(Settings { length: Some(0), ..lines() }).contains("1 to 2048"));
    assert!(refused(Settings { timeout: Some(Span::default()), ..lines() }).contains("zero"));
    assert!(refused(Settings { checksum: Checksum::Check, ..lines() }).contains("only the digits"));
    let keys = Settings { gives: Gives::Key, length: Some(4), ..Settings::default() };
    assert!(refused(keys).contains("leave out prefix"));
}

proptest! {
    #[test]
    fn any_bytes_are_survived_and_give_only_tags(bytes: Vec<u8>) {
        for tag in tags(&bytes) {
            prop_assert!((4..=32).contains(&tag.len()));
            prop_assert!(tag.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        }
    }

    #[test]
    fn every_well_formed_tag_is_found_whatever_stood_before(
        rounds in proptest::collection::vec((any::<Vec<u8>>(), "[0-9a-fA-F]{4,32}"), 0..8),
    ) {
        let mut bytes = Vec::new();
        for (garbage, tag) in &rounds {
            bytes.extend(garbage.iter().map(|byte| byte | 0x80));
            bytes.extend(b"\n");
            bytes.extend(tag.as_bytes());
            bytes.extend(b"\r\n");
        }

        let wanted: Vec<_> = rounds.iter().map(|(_, tag)| tag.to_ascii_uppercase()).collect();

        prop_assert_eq!(tags(&bytes), wanted);
    }

    #[test]
    fn any_text_on_one_line_is_that_line(text in "[ -~]{1,60}[!-~]") {
        prop_assert_eq!(codes(lines(), format!("{text}\r\n").as_bytes()), [text]);
    }
}
