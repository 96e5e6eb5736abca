use super::*;
use crate::access::{Access, AccessOptions, RefusedClient};
use crate::clock::SteadyClock;
use crate::http::page::text::words;
use crate::names::Names;
use eg_page::Lang;
use eg_proto::{PairRequest, SecretDigest, Topics};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

const KINDS: [RefusalKind; 10] = [
    RefusalKind::NoSecret,
    RefusalKind::Unknown,
    RefusalKind::Revoked,
    RefusalKind::OtherSecret,
    RefusalKind::Copied,
    RefusalKind::TakenId,
    RefusalKind::Publish,
    RefusalKind::Subscribe,
    RefusalKind::Will,
    RefusalKind::Full,
];

impl Adoption {
    /// Returns a room in which slots wait for every reason, and everything was refused.
    pub(in crate::http::page) fn everything() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let topics = Topics::default();
        let options = AccessOptions { topics, core: "core-01".to_owned(), compat: true };
        let clock = Arc::new(SteadyClock::default());
        let access = Access::open(&folder.path().join("auth.db"), options, clock).unwrap();
        let id = |number: u8| format!("slot-{number:02}").parse::<SlotId>().unwrap();
        let request = |number: u8, secret: u8| PairRequest {
            v: 1,
            slot: id(number),
            version: "0.2.0".to_owned(),
            machine: "pi-left".to_owned(),
            secret_sha256: SecretDigest([secret; 32]),
            authority_sha256: None,
            mosquitto: None,
            boards: vec!["panel (button-row)".to_owned()],
        };
        for (number, secret) in [(1, 1), (2, 2), (3, 3)] {
            access.enlist(&id(number), SecretDigest([secret; 32]), None, "pi", "chef").unwrap();
        }
        access.revoke(&id(2), "chef").unwrap();
        access.label(&id(3), "porte", "chef").unwrap();
        for (number, secret) in [(1, 9), (2, 2), (7, 7)] {
            access.pair(&id(number), request(number, secret));
        }
        for why in KINDS {
            access.refused(RefusedClient {
                client: "slot-09",
                why,
                topic: "eg/dev/slot-01/status",
                address: IpAddr::V4(Ipv4Addr::LOCALHOST),
                other: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            });
        }
        let (adopted, waiting) = (access.adopted(), access.waiting());
        Self { adopted, waiting, refusals: access.refusals(), compat: true, manages: true }
    }
}

fn page(adoption: &Adoption) -> String {
    let words = words().unwrap();
    let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };
    let state = ReadModel::default();
    let (above, below) = (adoption.above(voice, &state), adoption.below(voice, &state));
    above.into_string() + &below.into_string()
}

#[test]
fn a_slot_that_waits_is_adopted_with_its_code_by_one_press() {
    let page = page(&Adoption::everything());

    let code = eg_proto::pairing_code(&SecretDigest([7; 32]), None);
    let form = r#"<form class="inline" id="adopt-slot-07" data-post="/api/slots/slot-07/adopt">"#;
    let (_, form) = page.split_once(form).unwrap();
    let sent = format!(r#"<input type="hidden" name="code" value="{code}">"#);
    assert!(form.starts_with(&sent), "{form}");
    assert!(page.contains("pi-left") && page.contains("panel (button-row)"), "{page}");
}

#[test]
fn a_card_in_the_place_of_another_and_a_revoked_one_are_asked_about() {
    let page = page(&Adoption::everything());

    for (form, means) in
        [("replace-slot-01", "is let in no more"), ("readopt-slot-02", "belongs in the room")]
    {
        let (_, after) = page.split_once(&format!("id=\"{form}\"")).unwrap();
        assert!(after[..after.find("</form>").unwrap()].contains(means), "{after}");
    }
    assert!(!page.contains("id=\"adopt-slot-01\"") && !page.contains("id=\"adopt-slot-02\""));
}

#[test]
fn an_adopted_slot_that_was_never_heard_can_be_revoked() {
    let page = page(&Adoption::everything());

    assert!(page.contains(r#"id="revoke-slot-03""#) && page.contains("porte"), "{page}");
}

#[test]
fn every_refusal_is_told_with_its_address() {
    let mut adoption = Adoption::everything();
    let all = std::mem::take(&mut adoption.refusals);

    for one in all {
        adoption.refusals = vec![one];
        let page = page(&adoption);
        assert!(page.contains("slot-09") && page.contains("127.0.0.1"), "{page}");
        assert!(!page.contains("refused-"), "it has no words: {page}");
    }
}

#[test]
fn an_agent_from_before_secrets_is_told_as_one_to_be_updated() {
    let mut adoption = Adoption::everything();
    adoption.compat = false;
    adoption.refusals.retain(|one| one.why == RefusalKind::NoSecret);

    let page = page(&adoption);

    assert!(page.contains("slot-09") && page.contains("update it"), "{page}");
}

#[test]
fn a_slot_that_waits_is_not_told_of_again_as_refused() {
    let mut adoption = Adoption::everything();
    adoption.refusals.retain(|one| one.why == RefusalKind::Unknown);
    adoption.refusals[0].client = "slot-07".to_owned();

    let page = page(&adoption);

    assert!(page.contains("id=\"waiting-slot-07\"") && !page.contains("id=\"refusals\""), "{page}");
}

#[test]
fn a_room_that_is_paired_tells_nothing_of_the_old_contract() {
    let closed = Adoption { compat: false, ..Adoption::everything() };

    assert!(page(&Adoption::everything()).contains("id=\"compat\""));
    assert!(!page(&closed).contains("id=\"compat\""));
}
