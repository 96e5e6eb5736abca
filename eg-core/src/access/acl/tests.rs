use super::*;
use proptest::prelude::*;

fn slot(id: &str) -> SlotId {
    SlotId::new(id).unwrap()
}

fn acl() -> Acl {
    Acl::new(Topics::default())
}

fn publishes(identity: &ClientIdentity, topic: &str) -> bool {
    acl().may_publish(identity, topic, |id| id == "slot-01" || id == "core-01")
}

fn subscribes(identity: &ClientIdentity, filter: &str) -> bool {
    acl().may_subscribe(identity, filter, [&slot("slot-01")])
}

#[test]
fn a_slot_speaks_as_itself_alone() {
    let one = ClientIdentity::Slot(slot("slot-01"));

    assert!(SPEAKS.iter().all(|end| publishes(&one, &format!("eg/dev/slot-01/{end}"))));
    for topic in [
        "eg/dev/slot-02/status",
        "eg/dev/slot-0/status",
        "eg/dev/slot-011/status",
        "eg/dev/slot-01/../slot-02/status",
        "eg/dev/slot-01//status",
        "eg/dev/slot-01/status/",
        "eg/dev/slot-01/",
        "eg/dev/slot-01",
        "/eg/dev/slot-01/status",
        "eg//dev/slot-01/status",
        "egg/dev/slot-01/status",
        "EG/dev/slot-01/status",
        "eg/dev/slot-01/input/ack",
        "eg/dev/slot-01/input/ask",
        "eg/dev/slot-01/input/cmd/led",
        "eg/dev/slot-01/clock/pong",
        "eg/dev/slot-01/cmd",
        "eg/dev/slot-01/question",
        "eg/dev/slot-01/hint",
        "eg/dev/slot-01/res",
        "eg/core/hello",
        "eg/core/wallet/get",
        "eg/night/vote",
        "eg/night/step",
        "eg/state/mode",
        "eg/room/main/state",
        "eg/pair/slot-01",
        "eg/pair/slot-01/answer",
        "prop/door",
        "$SYS/broker",
        "",
    ] {
        assert!(!publishes(&one, topic), "{topic}");
    }
}

#[test]
fn a_slot_reads_its_own_topics_and_what_everybody_may() {
    let one = ClientIdentity::Slot(slot("slot-01"));

    for filter in [
        "eg/dev/slot-01/#",
        "eg/dev/slot-01/cmd",
        "eg/dev/slot-01/input/+",
        "$share/g/eg/dev/slot-01/#",
        "eg/core/hello",
        "eg/state/mode",
        "eg/room/+/state",
        "eg/room/main/state",
        "eg/night/step",
        "eg/night/result",
    ] {
        assert!(subscribes(&one, filter), "{filter}");
    }
    for filter in [
        "#",
        "eg/#",
        "eg/dev/#",
        "eg/dev/+/cmd",
        "eg/dev/slot-02/#",
        "eg/dev/slot-0/#",
        "eg/dev/slot-011/#",
        "+/dev/slot-01/#",
        "eg/+/slot-01/#",
        "eg/room/#",
        "eg/room/+/+",
        "eg/core/+",
        "eg/core/#",
        "eg/night/#",
        "eg/night/vote",
        "eg/pair/#",
        "eg/pair/slot-01/answer",
        "$share/g/#",
        "$share/g",
        "$share/eg/dev/slot-01/#",
        "$SYS/#",
        "",
    ] {
        assert!(!subscribes(&one, filter), "{filter}");
    }
}

#[test]
fn one_that_waits_asks_for_adoption_and_nothing_else() {
    let waiting = ClientIdentity::Pairing(slot("slot-02"));

    assert!(publishes(&waiting, "eg/pair/slot-02"));
    for topic in
        ["eg/pair/slot-01", "eg/pair/slot-02/answer", "eg/dev/slot-02/status", "eg/pair/slot-02/"]
    {
        assert!(!publishes(&waiting, topic), "{topic}");
    }
    assert!(subscribes(&waiting, "eg/pair/slot-02/answer"));
    assert!(subscribes(&waiting, "eg/core/hello"));
    for filter in ["eg/pair/+/answer", "eg/pair/slot-02/#", "eg/pair/slot-02", "eg/dev/slot-02/#"] {
        assert!(!subscribes(&waiting, filter), "{filter}");
    }
}

#[test]
fn a_guest_of_the_old_contract_never_speaks_as_an_adopted_slot() {
    let guest = ClientIdentity::Guest;

    for topic in [
        "eg/night/vote",
        "eg/core/wallet/get",
        "eg/core/payouts/claim",
        "eg/dev/slot-02/status",
        "eg/dev/slot-02/input/rfid",
        "eg/dev/slot-02/input/cmd/led",
        "prop/door",
    ] {
        assert!(publishes(&guest, topic), "{topic}");
    }
    for topic in [
        "eg/dev/slot-01/status",
        "eg/dev/slot-01/input/cmd/led",
        "eg/dev/core-01/status",
        "eg/dev/slot-02/cmd",
        "eg/dev/slot-02/input/ack",
        "eg/core/hello",
        "eg/night/step",
        "eg/night/result",
        "eg/state/mode",
        "eg/room/main/state",
        "eg/pair/slot-02",
        "$SYS/x",
        "eg",
    ] {
        assert!(!publishes(&guest, topic), "{topic}");
    }
}

#[test]
fn a_guest_of_the_old_contract_reads_nothing_that_is_an_adopted_slots_own() {
    let guest = ClientIdentity::Guest;

    for filter in [
        "eg/night/step",
        "eg/night/#",
        "eg/dev/+/status",
        "eg/dev/slot-02/#",
        "eg/dev/slot-01/input/status",
        "eg/+/+/hello",
        "prop/#",
    ] {
        assert!(subscribes(&guest, filter), "{filter}");
    }
    for filter in [
        "#",
        "eg/#",
        "+/#",
        "eg/dev/#",
        "eg/dev/+/#",
        "eg/dev/+/+",
        "eg/dev/slot-01/#",
        "eg/dev/slot-01/cmd",
        "eg/dev/+/input/event",
        "eg/dev/+/input/+",
        "$share/g/eg/dev/slot-01/res",
        "eg/pair/#",
        "eg/pair/slot-02",
        "eg/+/slot-02",
        "eg/+/+/answer",
    ] {
        assert!(!subscribes(&guest, filter), "{filter}");
    }
    assert!(acl().may_subscribe(&guest, "#", []), "a bridge of a room without adopted slots");
}

/// Returns `true` if the filter matches the topic, as a broker decides (MQTT 3.1.1, section 4.7).
fn matches(filter: &str, topic: &str) -> bool {
    let (mut levels, mut found) = (filter.split('/'), topic.split('/'));
    loop {
        match (levels.next(), found.next()) {
            (Some("#"), _) => return true,
            (Some("+"), Some(_)) => {}
            (Some(level), Some(text)) if level == text => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

fn level() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "eg", "dev", "slot-01", "slot-02", "pair", "answer", "room", "main", "state", "core",
        "hello", "status", "cmd", "input", "event", "night", "step", "", "..", "+", "#",
    ])
}

fn names() -> impl Strategy<Value = String> {
    prop::collection::vec(level(), 1..6).prop_map(|levels| levels.join("/"))
}

proptest! {
    #[test]
    fn what_a_granted_filter_matches_may_be_read(filter in names(), topic in names()) {
        let is_topic = !topic.contains(['+', '#']);
        prop_assume!(is_topic && filter.find('#').is_none_or(|at| at + 1 == filter.len()));
        for identity in [ClientIdentity::Slot(slot("slot-01")), ClientIdentity::Pairing(slot("slot-02"))] {
            if subscribes(&identity, &filter) && matches(&filter, &topic) {
                prop_assert!(subscribes(&identity, &topic), "{identity:?} {filter} {topic}");
            }
        }
        if subscribes(&ClientIdentity::Guest, &filter) && matches(&filter, &topic) {
            let own = topic.strip_prefix("eg/dev/slot-01/");
            prop_assert!(own.is_none_or(|end| OLD_READS.contains(&end)), "{filter} {topic}");
        }
    }

    #[test]
    fn no_topic_panics(topic in "\\PC{0,60}") {
        for identity in [ClientIdentity::Guest, ClientIdentity::Slot(slot("slot-01")), ClientIdentity::Pairing(slot("a"))] {
            let _ = publishes(&identity, &topic);
            let _ = subscribes(&identity, &topic);
        }
    }
}
