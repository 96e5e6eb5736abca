//! The file format of shared libraries (System V ABI, chapters 4 and 5), as far as it has to be understood before the
//! system is let at a file: the system maps what the headers promise, and a page that the file does not have ends the
//! process with SIGBUS.

use super::{LibraryError, Machine};
use crate::library::SYMBOL;
use object::elf::{FileHeader32, FileHeader64, PT_NULL};
use object::read::elf::{ElfFile, FileHeader, ProgramHeader};
use object::{Endianness, FileKind, Object, ObjectSegment, ObjectSymbol};

/// Checks that the file is whole; gives its machine, and the bytes of [`SYMBOL`] if it exports that.
pub(super) fn examine(bytes: &[u8]) -> Result<(Machine, Option<&[u8]>), LibraryError> {
    match FileKind::parse(bytes) {
        Ok(FileKind::Elf32) => examine_as::<FileHeader32<Endianness>>(bytes, 32),
        Ok(FileKind::Elf64) => examine_as::<FileHeader64<Endianness>>(bytes, 64),
        Ok(_) | Err(_) => Err(LibraryError::NotElf),
    }
}

fn examine_as<E: FileHeader<Endian = Endianness>>(
    bytes: &[u8],
    bits: u8,
) -> Result<(Machine, Option<&[u8]>), LibraryError> {
    let length = bytes.len() as u64;
    let header = E::parse(bytes).map_err(|_| LibraryError::CutOff { length, needed: None })?;
    let endianness = header.endian().map_err(|_| LibraryError::NotElf)?;
    let needed = extent(header, endianness, bytes);
    if needed > length {
        return Err(LibraryError::CutOff { length, needed: Some(needed) });
    }
    let machine = Machine { kind: header.e_machine(endianness), bits, endianness };
    Ok((machine, symbol::<E>(bytes)))
}

/// Length of the file by its headers.
fn extent<E: FileHeader<Endian = Endianness>>(header: &E, endian: Endianness, bytes: &[u8]) -> u64 {
    let table = |at: u64, count: u16, size: u16| {
        at.saturating_add(u64::from(count).saturating_mul(u64::from(size)))
    };
    let [segments, sections] = [
        table(header.e_phoff(endian).into(), header.e_phnum(endian), header.e_phentsize(endian)),
        table(header.e_shoff(endian).into(), header.e_shnum(endian), header.e_shentsize(endian)),
    ];
    let parts = header.program_headers(endian, bytes).unwrap_or_default().iter();
    let in_file = parts.filter(|part| part.p_type(endian) != PT_NULL);
    let ends = in_file.map(|part| {
        let (from, length): (u64, u64) =
            (part.p_offset(endian).into(), part.p_filesz(endian).into());
        from.saturating_add(length)
    });
    ends.chain([segments, sections]).max().unwrap_or(0)
}

fn symbol<E: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Option<&[u8]> {
    let file = ElfFile::<E>::parse(bytes).ok()?;
    let named = |symbol: &_| ObjectSymbol::name_bytes(symbol) == Ok(SYMBOL.as_bytes());
    let symbol = file.dynamic_symbols().find(|symbol| symbol.is_definition() && named(symbol))?;
    let mut segments = file.segments();
    segments.find_map(|part| part.data_range(symbol.address(), symbol.size()).ok().flatten())
}
