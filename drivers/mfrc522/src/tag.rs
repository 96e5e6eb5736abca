//! A tag of ISO/IEC 14443 type A, for the model: its states (14443-3, section 6.3) and its answers, bit by bit.

/// A frame in the air, in the order it is sent: of each byte the lowest bit first, without parity.
pub(crate) type Bits = Vec<bool>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Halted,
    /// Answers at this cascade level.
    Ready(usize),
    Active,
}

/// A tag in the field.
pub(crate) struct Tag {
    /// Of each level: four bytes and their exclusive or.
    levels: Vec<[u8; 5]>,
    state: State,
    /// State that the tag falls back to.
    home: State,
}

pub(crate) fn bits(bytes: &[u8]) -> Bits {
    bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect()
}

pub(crate) fn bytes(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    bits.chunks(8).map(byte).collect()
}

/// CRC_A: reflected 0x1021 from 0x6363 on (14443-3, annex B).
pub(crate) fn crc_a(bytes: &[u8]) -> [u8; 2] {
    let step = |crc: u16, _| if crc & 1 == 1 { crc >> 1 ^ 0x8408 } else { crc >> 1 };
    bytes.iter().fold(0x6363, |crc, byte| (0..8).fold(crc ^ u16::from(*byte), step)).to_le_bytes()
}

fn with_crc(bytes: &[u8]) -> Bits {
    bits(&[bytes, &crc_a(bytes)].concat())
}

impl Tag {
    /// A tag with a UID of 4, 7 or 10 bytes; none for any other length.
    pub(crate) fn new(uid: &[u8]) -> Option<Self> {
        if ![4, 7, 10].contains(&uid.len()) {
            return None;
        }
        let mut levels = Vec::new();
        let mut rest = uid;
        while rest.len() > 4 {
            let (three, more) = rest.split_at(3);
            levels.push(checked([0x88, three[0], three[1], three[2]]));
            rest = more;
        }
        levels.push(checked([rest[0], rest[1], rest[2], rest[3]]));
        Some(Self { levels, state: State::Idle, home: State::Idle })
    }

    /// The field broke down.
    pub(crate) fn power_off(&mut self) {
        (self.state, self.home) = (State::Idle, State::Idle);
    }

    /// Hears a frame, and answers.
    pub(crate) fn hear(&mut self, frame: &[bool]) -> Option<Bits> {
        let octets = bytes(frame);
        match (frame.len(), &octets[..], self.state) {
            (7, [0x26], State::Idle) | (7, [0x52], State::Idle | State::Halted) => {
                self.home = self.state;
                self.state = State::Ready(0);
                // ATQA: the size of the UID, and one bit for anticollision.
                let size = u8::try_from(self.levels.len() - 1).unwrap_or(0);
                return Some(bits(&[size << 6 | 0x04, 0x00]));
            }
            (_, _, State::Idle | State::Halted) => return None,
            (_, [sel, valid, ..], State::Ready(level))
                if *sel == 0x93 + 2 * level.to_le_bytes()[0] =>
            {
                let own = self.levels[level];
                if *valid == 0x70 {
                    if frame == with_crc(&[&[*sel, 0x70][..], &own].concat()) {
                        let last = level + 1 == self.levels.len();
                        self.state = if last { State::Active } else { State::Ready(level + 1) };
                        return Some(with_crc(&[if last { 0x08 } else { 0x04 }]));
                    }
                } else if let Some(asked) = frame.get(16..)
                    && usize::from(valid >> 4) * 8 + usize::from(valid & 7) == frame.len()
                {
                    return bits(&own).strip_prefix(asked).map(<[bool]>::to_vec);
                }
            }
            (_, [0x50, 0x00, crc @ ..], State::Active) if crc == crc_a(&[0x50, 0x00]) => {
                (self.state, self.home) = (State::Halted, State::Halted);
                return None;
            }
            _ => {}
        }
        self.state = self.home;
        None
    }
}

fn checked(four: [u8; 4]) -> [u8; 5] {
    let [a, b, c, d] = four;
    [a, b, c, d, a ^ b ^ c ^ d]
}
