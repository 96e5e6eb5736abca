//! Bytes that nobody meant, the same in every run.

/// A stream of bytes: zeros for seed 0, ones for seed 1, noise for any other.
pub(super) struct Noise {
    seed: u64,
    state: u64,
}

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    pub(super) fn byte(&mut self) -> u8 {
        match self.seed {
            0 => 0x00,
            1 => 0xff,
            // xorshift64*: no chance of its own, and every byte comes up soon.
            2.. => {
                self.state ^= self.state >> 12;
                self.state ^= self.state << 25;
                self.state ^= self.state >> 27;
                self.state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_be_bytes()[0]
            }
        }
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = self.byte());
    }
}
