//! A board on which a device is opened only to learn what is wrong with its settings.

use super::{
    Board, BoardError, Claim, Claims, InputConfig, InputLine, LineName, OutputConfig, OutputLine,
    Resource, SafeLevels,
};
use crate::OpenError;
use crate::backend::Backend;
use crate::sim::Bench;
use eg_config::SettingProblems;

/// The line that is handed out for one that the board refused; each is on a bench of its own.
const SPARE: &str = "GPIO0";

impl<'a> Board<'a> {
    /// Opens a simulated board for one device, to check its settings: what the board refuses is noted, and something of
    /// the kind is handed out all the same, so that one mistake does not hide the next. See
    /// [`take_refused`](Self::take_refused).
    pub fn trial(
        holder: impl Into<String>,
        bench: &'a Bench,
        claims: &'a Claims,
        safe: &'a SafeLevels,
    ) -> Self {
        Self { refused: Some(Vec::new()), ..Self::new(holder, bench, claims, safe) }
    }

    /// Takes the refusals of a board that is tried, in order; empty on any other board.
    pub fn take_refused(&mut self) -> Vec<OpenError> {
        self.refused.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Refuses these settings, if there are any that are wrong. Call it once everything was checked that can be checked
    /// without the device. A board that is tried for a check takes note of them and lets the device go on.
    ///
    /// # Errors
    /// [`OpenError::Settings`], with all of them.
    pub fn refuse(&mut self, wrong: SettingProblems) -> Result<(), OpenError> {
        match &mut self.refused {
            _ if wrong.is_empty() => Ok(()),
            Some(refused) => {
                refused.push(wrong.into());
                Ok(())
            }
            None => Err(wrong.into()),
        }
    }

    /// Takes note of a refusal when the board is tried.
    pub(super) fn note(&mut self, refusal: BoardError) -> Result<(), BoardError> {
        match &mut self.refused {
            Some(refused) => {
                refused.push(refusal.into());
                Ok(())
            }
            None => Err(refusal),
        }
    }

    /// Claims `what`. When somebody else holds it, and that was noted, the claim is worth nothing.
    pub(super) fn claim(&mut self, what: Resource) -> Result<Claim, BoardError> {
        match self.claims.claim(what.clone(), &self.holder) {
            Ok(claim) => Ok(claim),
            Err(taken) => {
                self.note(taken)?;
                Claims::default().claim(what, &self.holder)
            }
        }
    }

    /// Something to read in place of a line that was refused.
    pub(super) fn spare_input(&self, config: InputConfig) -> Result<InputLine, BoardError> {
        let line = LineName::from(SPARE);
        let port = Bench::virtual_time().input(&line, config, &self.consumer())?;
        let claim = Claims::default().claim(Resource::Line(line), &self.holder)?;
        Ok(InputLine::new(port, claim))
    }

    /// Something to drive in place of a line that was refused.
    pub(super) fn spare_output(&self, config: OutputConfig) -> Result<OutputLine, BoardError> {
        let line = LineName::from(SPARE);
        let port = Bench::virtual_time().output(&line, config, &self.consumer())?;
        let claim = Claims::default().claim(Resource::Line(line), &self.holder)?;
        Ok(OutputLine::new(port, config.high, claim))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BusName, PortName, Pull};

    fn refused(open: impl FnOnce(&mut Board<'_>)) -> Vec<String> {
        let (bench, claims, safe) = (Bench::virtual_time(), Claims::default(), SafeLevels::new());
        let mut board = Board::trial("slot-01/panel", &bench, &claims, &safe);
        open(&mut board);
        board.take_refused().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_mistake_does_not_hide_the_next() {
        let told = refused(|board| {
            board.input(&"GPOI5".into(), Pull::Up).unwrap();
            let _held = board.input(&"GPIO5".into(), Pull::Up).unwrap();
            board.output_at(&"GPIO5".into(), true).unwrap();
            board.refuse(SettingProblems::of("guard", "4 to 6")).unwrap();
            board.i2c(&BusName::from("i2c1"), 0x20).unwrap();
            board.serial(&PortName::from("ttyUSB0"), 9600).unwrap();
        });

        let begins = [
            "no line called \"GPOI5\"",
            "line GPIO5 is already held by slot-01/panel",
            "guard: 4 to 6",
            "no I2C bus called \"i2c1\"",
            "no port called \"ttyUSB0\"",
        ];
        assert_eq!(told.len(), begins.len(), "{told:?}");
        for (told, begin) in told.iter().zip(begins) {
            assert!(told.starts_with(begin), "{told}");
        }
    }

    #[test]
    fn another_board_refuses_at_once() {
        let (bench, claims, safe) = (Bench::virtual_time(), Claims::default(), SafeLevels::new());
        let mut board = Board::new("slot-01/panel", &bench, &claims, &safe);

        assert!(board.input(&"GPOI5".into(), Pull::Up).is_err());
        assert!(board.refuse(SettingProblems::of("guard", "4 to 6")).is_err());
        assert!(board.refuse(SettingProblems::default()).is_ok());
        assert!(board.take_refused().is_empty());
    }
}
