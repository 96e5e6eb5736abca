//! Machines that a library may have been built for.

use object::Endianness;
use object::elf::{self, EM_386, EM_AARCH64, EM_ARM, EM_NONE, EM_RISCV, EM_X86_64};
use std::fmt;

/// Machine that code was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// `e_machine` of the ELF header.
    pub(super) kind: elf::Machine,
    /// 32 or 64.
    pub(super) bits: u8,
    /// Order of the bytes of a number.
    pub(super) endianness: Endianness,
}

impl Machine {
    /// Machine of this process.
    pub(super) fn own() -> Self {
        let kind = match std::env::consts::ARCH {
            "x86_64" => EM_X86_64,
            "x86" => EM_386,
            "aarch64" => EM_AARCH64,
            "arm" => EM_ARM,
            "riscv64" => EM_RISCV,
            _ => EM_NONE,
        };
        let endianness =
            if cfg!(target_endian = "big") { Endianness::Big } else { Endianness::Little };
        Self { kind, bits: 8 * size_of::<usize>() as u8, endianness }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            EM_X86_64 => out.write_str("x86-64"),
            EM_386 => out.write_str("x86"),
            EM_AARCH64 => out.write_str("64-bit ARM"),
            EM_ARM => out.write_str("32-bit ARM"),
            EM_RISCV => out.write_str("RISC-V"),
            elf::Machine(other) => write!(out, "ELF machine {other}"),
        }?;
        match self.endianness {
            Endianness::Little => Ok(()),
            Endianness::Big => out.write_str(", big-endian"),
        }
    }
}
