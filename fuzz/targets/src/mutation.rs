//! Mutations of a seed, without a fuzzer: the same ones in every run.

/// Numbers that break what counts without care.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "1e308",
    "9223372036854775807",
    "18446744073709551615",
    "99999999999999999999",
    "NaN",
    "\"\"",
    "null",
    "[[[[[[[[[[[[[[[[",
];

/// Row of mutations.
pub struct Mutator(u64);

impl Mutator {
    /// Begins a row.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        // Marsaglia 2003, xorshift64.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 1).unwrap_or(0) % most.max(1)
    }

    /// Changes a seed in one to four places, some of it by another seed.
    pub fn mutate(&mut self, seed: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + 1 + self.below(12)).min(bytes.len());
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = [0, 0x7f, 0x80, 0xff][self.below(4)],
                2 => drop(bytes.splice(at..end.max(at), [])),
                3 => {
                    let again = bytes[at.min(end)..end].to_vec();
                    drop(bytes.splice(at..at, again.repeat(1 + self.below(30))));
                }
                4 => drop(bytes.splice(at..at, NUMBERS[self.below(NUMBERS.len())].bytes())),
                5 => {
                    let from = self.below(other.len() + 1);
                    bytes.truncate(at);
                    bytes.extend(&other[from..]);
                }
                _ => bytes.truncate(at),
            }
        }
        bytes.truncate(4096);
        bytes
    }
}
