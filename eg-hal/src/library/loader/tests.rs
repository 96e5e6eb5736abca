//! What the loader says of files that are no driver libraries.

use super::{Inspected, LibraryError, decode, elf};
use crate::library::{Declaration, FINGERPRINT};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// This test itself: a real ELF file with segments, sections and dynamic symbols.
fn own_code() -> Vec<u8> {
    fs::read("/proc/self/exe").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(
        magic in prop::sample::select(vec![&b""[..], b"\x7fELF\x01\x01\x01", b"\x7fELF\x02\x01\x01", b"\x7fELF\x02\x02\x01"]),
        bytes in prop::collection::vec(any::<u8>(), 0..2048),
    ) {
        let _ = elf::examine(&[magic, &bytes].concat());
        let _ = decode(&bytes);
    }

    #[test]
    fn no_damage_to_a_header_panics(
        changes in prop::collection::vec((0_usize..1024, any::<u8>()), 1..16),
        length in 0_usize..8192,
    ) {
        let mut bytes = own_code();
        bytes.truncate(length.max(1024));
        for (at, byte) in changes {
            bytes[at] = byte;
        }

        let _ = elf::examine(&bytes);
    }

    #[test]
    fn a_declaration_of_any_length_is_decoded_or_refused(length in 0_usize..2048) {
        let mut bytes = b"EGDRIVER\0\0\0\0\x01\0\0\0".to_vec();
        bytes.extend(FINGERPRINT);
        bytes.extend([b'k'; 128]);
        bytes.truncate(length);

        let decoded = decode(&bytes);

        prop_assert_eq!(decoded.is_ok(), bytes.len() >= size_of::<Declaration>() - size_of::<usize>());
    }
}

#[test]
fn a_file_that_lost_its_end_is_refused_wherever_it_was_cut() {
    let whole = own_code();

    assert!(elf::examine(&whole).is_ok());
    for share in 0..16 {
        let cut = &whole[..whole.len() * share / 16];

        let refused = elf::examine(cut).unwrap_err();

        let told = matches!(refused, LibraryError::CutOff { .. } | LibraryError::NotElf);
        assert!(told, "{share}/16: {refused}");
    }
}

#[test]
fn code_that_is_no_driver_library_is_told_from_one() {
    let own = Path::new("/proc/self/exe").canonicalize().unwrap();

    let refused = Inspected::read(&own).and_then(|code| code.fits().cloned()).unwrap_err();

    assert_eq!(refused, LibraryError::NoDeclaration);
}
