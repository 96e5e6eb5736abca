//! Decoding of messages by their topic. The topic alone tells the sender; fields of the payload that name it count for
//! nothing.

use super::{Arrival, Speaker, Unreadable, request};
use eg_proto::{
    DecodeError, Event, Hello, NightVote, Presence, Rfid, SlotId, Topic, Topics, decode,
    decode_batch,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Decodes a message that came on `topic`. `retained` messages are states; an event or a vote among them is an old one,
/// and refused. Topics of the old contract are read under `compat` alone.
pub fn decode_message(
    topics: &Topics,
    compat: bool,
    topic: &str,
    payload: &[u8],
    retained: bool,
) -> Vec<Arrival> {
    let wrong = |slot: Option<&SlotId>, why: String| {
        let (slot, topic) = (slot.cloned(), topic.to_owned());
        Arrival::Unreadable(Unreadable { slot, topic, why, payload: payload.to_vec() })
    };
    let Some(parsed) = topics.parse(topic) else {
        return vec![wrong(
            None,
            "no topic of ours: is the slot's id 1 to 32 of a-z, 0-9 and -".into(),
        )];
    };
    let old = || "a retained message: this happened once, and not now".to_owned();
    let one = match parsed {
        Topic::InputEvent(slot) if retained => wrong(Some(&slot), old()),
        Topic::InputEvent(slot) => return events(&slot, topic, payload),
        Topic::Status(slot) => match std::str::from_utf8(payload).map(str::parse::<Presence>) {
            Ok(Ok(presence)) => Arrival::Presence(slot, presence),
            Ok(Err(error)) => wrong(Some(&slot), error.to_string()),
            Err(error) => wrong(Some(&slot), error.to_string()),
        },
        Topic::Hello(slot) => match decode::<Hello>(payload) {
            // One that the broker kept tells what the slot has, and not who speaks now.
            Ok(hello) if !retained => {
                let speaker = Speaker::Start(hello.boot);
                return vec![
                    Arrival::Hello(slot.clone(), Box::new(hello)),
                    Arrival::Speaks(slot, speaker),
                ];
            }
            Ok(hello) => Arrival::Hello(slot, Box::new(hello)),
            Err(error) => wrong(Some(&slot), error.to_string()),
        },
        Topic::InputStatus(slot) => match decode(payload) {
            Ok(status) => Arrival::Status(slot, Box::new(status)),
            Err(error) => wrong(Some(&slot), error.to_string()),
        },
        // What the old contract keeps is of another time; a list that cannot be read is of no moment.
        Topic::Leds(slot) if !retained => match decode(payload) {
            Ok(leds) => Arrival::Lights(slot, leds),
            Err(_) => return Vec::new(),
        },
        Topic::CommandAck(slot) if retained => wrong(Some(&slot), old()),
        Topic::CommandAck(slot) => match decode(payload) {
            Ok(ack) => Arrival::Answer(slot, ack),
            Err(error) => wrong(Some(&slot), error.to_string()),
        },
        Topic::NightVote if compat && retained => wrong(None, old()),
        Topic::NightVote if compat => match vote(payload) {
            Ok((slot, vote)) => Arrival::Vote(slot, vote),
            Err(why) => wrong(None, why),
        },
        Topic::Ask(slot) if retained => wrong(Some(&slot), old()),
        Topic::Ask(slot) => match request::asked(&slot, payload) {
            Ok(request) => Arrival::Request(request),
            Err(why) => wrong(Some(&slot), why),
        },
        Topic::Bank(_) if compat && retained => wrong(None, old()),
        Topic::Bank(ask) if compat => match request::of_table(ask, payload) {
            Ok(request) => Arrival::Request(request),
            Err(why) => wrong(None, why),
        },
        Topic::Rfid(slot) if compat && retained => wrong(Some(&slot), old()),
        Topic::Rfid(slot) if compat => match decode::<Rfid>(payload) {
            Ok(rfid) => Arrival::Tag(slot, rfid.tag_uid),
            Err(error) => wrong(Some(&slot), error.to_string()),
        },
        Topic::InputAck(_)
        | Topic::InputAsk(_)
        | Topic::Leds(_)
        | Topic::Rfid(_)
        | Topic::LedCommand(_)
        | Topic::TestCommand(_)
        | Topic::ClockPing(_)
        | Topic::ClockPong(_)
        | Topic::Command(_)
        | Topic::AgentCommand(_)
        | Topic::Hint(_)
        | Topic::Question(_)
        | Topic::Result(_)
        | Topic::Answer(_)
        | Topic::Scene(_)
        | Topic::CoreHello
        | Topic::Mode
        | Topic::NightStep
        | Topic::NightVote
        | Topic::NightResult
        | Topic::Told(..)
        | Topic::Bank(_)
        | Topic::RoomState(_)
        | Topic::Pair(_)
        | Topic::PairAnswer(_) => return Vec::new(),
    };
    vec![one]
}

fn vote(payload: &[u8]) -> Result<(SlotId, NightVote), String> {
    let vote: NightVote = decode(payload).map_err(|error| error.to_string())?;
    let slot =
        SlotId::new(vote.device_id.as_str()).map_err(|error| format!("device_id: {error}"))?;
    Ok((slot, vote))
}

/// Decodes one event or a backlog of them. An event that cannot be read is set aside alone: the others still count.
fn events(slot: &SlotId, topic: &str, payload: &[u8]) -> Vec<Arrival> {
    let good = |event: Event| Arrival::Event(slot.clone(), Box::new(event));
    let set_aside = |why: String, payload: Vec<u8>| {
        let (slot, topic) = (Some(slot.clone()), topic.to_owned());
        Arrival::Unreadable(Unreadable { slot, topic, why, payload })
    };
    match decode_batch::<Event>(payload) {
        Ok(events) => events.into_iter().map(good).collect(),
        Err(error) => match each::<Event>(payload) {
            Some(all) => all
                .into_iter()
                .map(|(text, one)| {
                    one.map_or_else(|error| set_aside(error.to_string(), text), good)
                })
                .collect(),
            None => vec![set_aside(error.to_string(), payload.to_vec())],
        },
    }
}

/// Element of a JSON array: its text, and its decoded value.
type Element<T> = (Vec<u8>, Result<T, DecodeError>);

/// Decodes each element of a JSON array by itself; `None` if it is no array.
fn each<T: DeserializeOwned>(payload: &[u8]) -> Option<Vec<Element<T>>> {
    let all: Vec<Value> = decode(payload).ok()?;
    let one = |value: Value| {
        let text = value.to_string().into_bytes();
        let read = decode(&text);
        (text, read)
    };
    Some(all.into_iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"v":1,"boot":"01KA000000000000000000000A","seq":1,"device":"panel","input":"red",
        "kind":"press","t":{"core_us":null,"unc_us":0,"src":"kernel"}}"#;

    fn read_on(topic: &str, payload: &str) -> Vec<Arrival> {
        decode_message(&Topics::default(), true, topic, payload.as_bytes(), false)
    }

    fn why(arrival: &Arrival) -> &str {
        let Arrival::Unreadable(Unreadable { why, .. }) = arrival else { panic!("{arrival:?}") };
        why
    }

    #[test]
    fn the_topic_says_who_it_is() {
        let read = read_on("eg/dev/slot-03/input/event", EVENT);

        assert!(matches!(&read[..], [Arrival::Event(slot, _)] if slot.as_str() == "slot-03"));
    }

    #[test]
    fn a_bad_event_of_a_backlog_is_set_aside_alone() {
        let read =
            read_on("eg/dev/slot-03/input/event", &format!(r#"[{EVENT},{{"v":9}},{EVENT}]"#));

        assert_eq!(read.len(), 3);
        assert!(why(&read[1]).contains("boot"), "{}", why(&read[1]));
    }

    #[test]
    fn a_retained_event_is_refused() {
        let topics = Topics::default();

        let read =
            decode_message(&topics, false, "eg/dev/slot-03/input/event", EVENT.as_bytes(), true);

        assert!(why(&read[0]).contains("retained"));
    }

    #[test]
    fn an_answer_that_the_broker_kept_is_refused() {
        let (topics, ack) = (Topics::default(), br#"{"id":"x","result":"done"}"#);

        let kept = decode_message(&topics, false, "eg/dev/slot-03/cmd/ack", ack, true);
        let live = decode_message(&topics, false, "eg/dev/slot-03/cmd/ack", ack, false);

        assert!(why(&kept[0]).contains("retained"));
        assert!(matches!(&live[..], [Arrival::Answer(..)]));
    }

    #[test]
    fn garbage_names_its_fault() {
        let read = read_on("eg/dev/slot-03/status", "on line");

        assert_eq!(why(&read[0]), r#""on line" is no presence: online or offline is wanted"#);
    }

    #[test]
    fn a_table_says_who_it_is_and_the_topic_what_it_asks() {
        let asked =
            read_on("eg/core/wallet/get", r#"{"req_id":"1","device_id":"slot-02","tag_uid":"04"}"#);
        let anonymous = read_on("eg/core/wallet/get", r#"{"req_id":"1","tag_uid":"04"}"#);
        let won = read_on(
            "eg/core/payouts/new",
            r#"{"payout_id":"p","source":"roulette","amount_cents":5}"#,
        );

        let Arrival::Request(request) = &asked[0] else { panic!("{asked:?}") };
        assert_eq!(request.slot.as_ref().map(SlotId::as_str), Some("slot-02"));
        assert_eq!(request.body["op"], "wallet_get");
        assert!(why(&anonymous[0]).contains("device_id"));
        assert!(matches!(&won[0], Arrival::Request(request) if request.slot.is_none()));
    }

    #[test]
    fn on_its_own_topic_a_slot_asks_for_itself_alone() {
        let own =
            read_on("eg/dev/slot-02/ask", r#"{"op":"wallet_get","req_id":"1","tag_uid":"04"}"#);
        let other = read_on("eg/dev/slot-02/ask", r#"{"op":"wallet_get","device_id":"slot-03"}"#);

        let Arrival::Request(request) = &own[0] else { panic!("{own:?}") };
        assert_eq!(request.body["device_id"], "slot-02");
        assert!(why(&other[0]).contains("slot-03"));
    }

    #[test]
    fn a_request_that_is_too_deep_is_set_aside() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        let ask = format!(r#"{{"op":"wallet_get","req_id":"x","tag_uid":"AA","x":{deep}}}"#);

        let read = read_on("eg/dev/slot-02/ask", &ask);

        assert!(why(&read[0]).contains("wanted 32 at most"), "{}", why(&read[0]));
    }

    #[test]
    fn requests_of_the_old_contract_need_compat() {
        let get = br#"{"req_id":"1","device_id":"slot-02","tag_uid":"04"}"#;

        let read = decode_message(&Topics::default(), false, "eg/core/wallet/get", get, false);

        assert_eq!(read, []);
    }

    #[test]
    fn votes_by_name_need_compat() {
        let vote = br#"{"device_id":"slot-02","step":1,"choice":"B"}"#;

        let read = decode_message(&Topics::default(), false, "eg/night/vote", vote, false);

        assert_eq!(read, []);
    }
}
