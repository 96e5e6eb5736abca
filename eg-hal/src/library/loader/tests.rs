//! Errors of files that are no driver libraries.

use super::{Inspected, LibraryError, decode, elf};
use crate::library::{Declaration, FINGERPRINT, SYMBOL};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// This test itself: a real ELF file with segments, sections and dynamic symbols.
fn own_code() -> Vec<u8> {
    fs::read("/proc/self/exe").unwrap()
}

/// The smallest library that this test is linked with, exporting the symbol in place of one of its own.
fn small_library() -> Vec<u8> {
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let mut paths = maps.lines().filter_map(|line| line.split_whitespace().nth(5));
        let mut bytes = fs::read(paths.find(|path| path.contains("libgcc_s")).unwrap()).unwrap();
        let name = b"_Unwind_GetIPInfo";
        let at = bytes.windows(name.len()).position(|found| found == name).unwrap();
        bytes[at..at + name.len()].copy_from_slice(SYMBOL.as_bytes());
        bytes
    });
    BYTES.clone()
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
    fn no_damage_to_a_library_panics(
        in_head in prop::collection::vec((0_usize..4096, any::<u8>()), 0..8),
        before_end in prop::collection::vec((1_usize..4096, any::<u8>()), 0..8),
        anywhere in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let mut bytes = small_library();
        let length = bytes.len();
        in_head.into_iter().for_each(|(at, byte)| bytes[at] = byte);
        before_end.into_iter().for_each(|(back, byte)| bytes[length - back] = byte);
        anywhere.into_iter().for_each(|(at, byte)| bytes[at.index(length)] = byte);

        if let Ok((_, Some(symbol))) = elf::examine(&bytes) {
            let _ = decode(symbol);
        }
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

#[test]
fn the_symbol_is_found_where_the_library_has_it() {
    let bytes = small_library();

    let (_, symbol) = elf::examine(&bytes).unwrap();

    let symbol = symbol.unwrap();
    assert!(!symbol.is_empty());
    assert_eq!(decode(symbol), Err(LibraryError::NoDeclaration));
}

/// The headers of a library for 32-bit ARM with one segment of this many bytes from the start of the file.
fn arm(segment: u32) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x01\x01\x01".to_vec();
    bytes.resize(16, 0);
    // Shared object, ARM, version 1; no entry; program headers at 52, no sections; no flags; header of 52 bytes, one
    // program header of 32 bytes.
    for half in [3, 40, 1, 0, 0, 0, 52, 0, 0, 0, 0, 0, 52, 32, 1, 40, 0, 0_u16] {
        bytes.extend(half.to_le_bytes());
    }
    // PT_LOAD from offset 0 to address 0: so long in the file and in memory, to be read, by pages.
    for word in [1, 0, 0, 0, segment, segment, 4, 4096] {
        bytes.extend(word.to_le_bytes());
    }
    bytes
}

#[test]
fn a_32_bit_file_that_lost_its_end_is_refused_as_well() {
    let whole = arm(84);

    let (machine, _) = elf::examine(&whole).unwrap();

    assert_eq!((whole.len(), machine.to_string().as_str()), (84, "32-bit ARM"));
    let refused = elf::examine(&arm(4096)).unwrap_err();
    assert_eq!(refused, LibraryError::CutOff { length: 84, needed: Some(4096) });
    let refused = elf::examine(&whole[..70]).unwrap_err();
    assert_eq!(refused, LibraryError::CutOff { length: 70, needed: Some(84) });
}
