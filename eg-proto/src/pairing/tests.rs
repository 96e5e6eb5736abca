use super::*;
use crate::{decode, encode};
use proptest::prelude::*;

fn secret() -> Secret {
    "abcdefghijkmnpqrstuvwxyz23".parse().unwrap()
}

#[test]
fn a_secret_survives_its_file_and_never_shows_itself() {
    let drawn = Secret::from_random(std::array::from_fn(|index| index as u8 * 9));

    assert_eq!(format!("{}\n", drawn.expose()).parse(), Ok(drawn.clone()));
    assert_eq!(format!("{drawn:?}"), "Secret(…)");
    for wrong in ["", "abc", "abcdefghijkmnpqrstuvwxyz2l", "ABCDEFGHIJKMNPQRSTUVWXYZ23"] {
        assert_eq!(wrong.parse::<Secret>(), Err(PairingError::Secret), "{wrong}");
    }
}

#[test]
fn both_pages_show_the_code_of_the_contract() {
    // SHA-256("eg-pair" + SHA-256(secret)), computed with Python's hashlib.
    assert_eq!(
        secret().digest().to_string(),
        "2b100a6e85e58f4bf28d00b86fbee5e25e66fa04e2c623ffefdc03c0264e3dce"
    );
    assert_eq!(code(&secret().digest(), None), "BBC-SNH");
}

#[test]
fn mosquitto_reads_the_hash() {
    // hashlib.pbkdf2_hmac("sha512", secret, bytes(range(12)), 101).
    assert_eq!(
        secret().mosquitto(std::array::from_fn(|index| index as u8)).as_str(),
        "$7$101$AAECAwQFBgcICQoL$1+OeTXsVwPssU9yi91bqq5xH3micqsAk6dqLuaNLrKk189L6/7N3UDl0X5K050a1jUf5Nai0i573/JCTgcs1Sg=="
    );
}

#[test]
fn a_hash_that_would_break_mosquitto_s_file_is_refused() {
    let good = secret().mosquitto([7; 12]).as_str().to_owned();

    assert!(MosquittoHash::try_from(good.clone()).is_ok());
    for wrong in [
        format!("{good}\nguest:x"),
        good.replace("$101$", "$1$"),
        good.replace("==", ":="),
        good[..40].to_owned(),
        "$6$x$y".to_owned(),
        String::new(),
    ] {
        assert_eq!(MosquittoHash::try_from(wrong), Err(PairingError::Mosquitto));
    }
}

#[test]
fn the_messages_stand_as_the_protocol_says() {
    let hash = secret().mosquitto([7; 12]);
    let request = PairRequest {
        v: 1,
        slot: SlotId::new("slot-01").unwrap(),
        version: "0.2.0".to_owned(),
        machine: "pi-01".to_owned(),
        secret_sha256: secret().digest(),
        authority_sha256: None,
        mosquitto: Some(hash.clone()),
        boards: vec!["panel (gpio-buttons)".to_owned()],
    };
    let wire = format!(
        r#"{{"v":1,"slot":"slot-01","version":"0.2.0","machine":"pi-01","secret_sha256":"{}","mosquitto":"{}","boards":["panel (gpio-buttons)"]}}"#,
        secret().digest(),
        hash.as_str(),
    );

    assert_eq!(String::from_utf8(encode(&request)).unwrap(), wire);
    assert_eq!(decode::<PairRequest>(wire.as_bytes()).unwrap(), request);
    let told = |answer: &PairAnswer| String::from_utf8(encode(answer)).unwrap();
    assert_eq!(told(&PairAnswer::adopted("core-01")), r#"{"v":1,"adopted":true,"core":"core-01"}"#);
    assert_eq!(
        told(&PairAnswer::waits(NotAdopted::OtherSecret)),
        r#"{"v":1,"adopted":false,"why":"other_secret"}"#
    );
    assert_eq!(
        decode::<PairAnswer>(br#"{"v":2,"adopted":false,"why":"later","more":[]}"#).unwrap().why,
        Some(NotAdopted::Other)
    );
}

#[test]
fn what_a_stranger_says_of_itself_is_cut() {
    let long = "x".repeat(500);
    let boards = vec![long.as_str(); 200];
    let json = serde_json::json!({"v":1,"slot":"slot-01","version":"\u{1b}[2Jx","machine":long,
        "secret_sha256":secret().digest(),"boards":boards});

    let request: PairRequest = decode(json.to_string().as_bytes()).unwrap();

    assert_eq!(request.version, "[2Jx");
    assert_eq!(request.machine.len(), TEXT);
    assert_eq!((request.boards.len(), request.boards[0].len()), (BOARDS, TEXT));
}

proptest! {
    #[test]
    fn a_digest_survives_its_text(bytes: [u8; 32], other: [u8; 32]) {
        let digest = SecretDigest(bytes);

        prop_assert_eq!(digest.to_string().parse(), Ok(digest));
        prop_assert!(digest.is(&digest));
        prop_assert_eq!(digest.is(&SecretDigest(other)), bytes == other);
    }

    #[test]
    fn a_hash_fits_its_own_password_alone(salt: [u8; 12], other in "[a-z]{1,9}") {
        let hash = secret().mosquitto(salt);

        prop_assert!(hash.fits(secret().expose()));
        prop_assert!(!hash.fits(&other));
    }

    #[test]
    fn no_text_panics(text in ".{0,80}") {
        let _ = text.parse::<SecretDigest>();
        let _ = text.parse::<Secret>();
        let _ = MosquittoHash::try_from(text);
    }
}
