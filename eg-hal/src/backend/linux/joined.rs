//! The messages of an I2C transaction as embedded-hal promises them.

use embedded_hal::i2c::Operation;

/// Operations of one kind that follow each other, as one message.
enum Message {
    Write(Vec<u8>),
    Read(Vec<u8>),
}

/// Hands the operations to `send` so that each is a message of its own: embedded-hal wants neither stop nor start
/// between adjacent operations of one kind, and the kernel puts a repeated start in front of every message. A display
/// that gets its command byte and its data as two writes would take the data for another command.
pub(super) fn joined<E>(
    operations: &mut [Operation<'_>],
    send: impl FnOnce(&mut [Operation<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    if operations.windows(2).all(|pair| writes(&pair[0]) != writes(&pair[1])) {
        return send(operations);
    }
    let mut messages: Vec<Message> = Vec::new();
    for operation in operations.iter() {
        match (operation, messages.last_mut()) {
            (Operation::Write(bytes), Some(Message::Write(all))) => all.extend_from_slice(bytes),
            (Operation::Read(buffer), Some(Message::Read(all))) => {
                all.resize(all.len() + buffer.len(), 0);
            }
            (Operation::Write(bytes), _) => messages.push(Message::Write(bytes.to_vec())),
            (Operation::Read(buffer), _) => messages.push(Message::Read(vec![0; buffer.len()])),
        }
    }
    let mut whole: Vec<Operation<'_>> = messages
        .iter_mut()
        .map(|message| match message {
            Message::Write(bytes) => Operation::Write(bytes),
            Message::Read(buffer) => Operation::Read(buffer),
        })
        .collect();
    send(&mut whole)?;
    let mut read = messages.iter().flat_map(|message| match message {
        Message::Write(_) => &[][..],
        Message::Read(bytes) => bytes,
    });
    for operation in operations {
        if let Operation::Read(buffer) = operation {
            buffer.iter_mut().zip(&mut read).for_each(|(byte, read)| *byte = *read);
        }
    }
    Ok(())
}

fn writes(operation: &Operation<'_>) -> bool {
    match operation {
        Operation::Write(_) => true,
        Operation::Read(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::joined;
    use embedded_hal::i2c::Operation;

    /// Messages that were sent, in the manner of `W1 R2`; every read byte is the next number from 1.
    fn send(operations: &mut [Operation<'_>]) -> Vec<String> {
        let (mut next, mut seen) = (0, Vec::new());
        let sent: Result<(), ()> = joined(operations, |messages| {
            for message in messages {
                match message {
                    Operation::Write(bytes) => seen.push(format!("W{bytes:?}")),
                    Operation::Read(buffer) => {
                        seen.push(format!("R{}", buffer.len()));
                        for byte in buffer.iter_mut() {
                            next += 1;
                            *byte = next;
                        }
                    }
                }
            }
            Ok(())
        });
        assert_eq!(sent, Ok(()));
        seen
    }

    #[test]
    fn neighbours_of_one_kind_become_one_message() {
        let (mut one, mut two, mut three) = ([0; 2], [0; 1], [0; 1]);

        let seen = send(&mut [
            Operation::Write(&[7]),
            Operation::Write(&[8, 9]),
            Operation::Read(&mut one),
            Operation::Read(&mut two),
            Operation::Write(&[6]),
            Operation::Read(&mut three),
        ]);

        assert_eq!(seen, ["W[7, 8, 9]", "R3", "W[6]", "R1"]);
        assert_eq!((one, two, three), ([1, 2], [3], [4]));
    }

    #[test]
    fn what_alternates_is_sent_as_it_is() {
        let mut read = [0; 2];

        let seen = send(&mut [Operation::Write(&[1]), Operation::Read(&mut read)]);

        assert_eq!(seen, ["W[1]", "R2"]);
        assert_eq!(read, [1, 2]);
    }
}
