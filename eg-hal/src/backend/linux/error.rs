//! Refusals of the kernel in words that help a person.

use crate::BoardError;
use std::io;

/// Says why `what` did not open and what would help. `group` is the group whose members may use such devices on Debian.
pub(super) fn refused(what: impl Into<String>, error: &io::Error, group: &str) -> BoardError {
    let kind = error.kind();
    let cause = if kind == io::ErrorKind::NotFound {
        "it does not exist; is it plugged in and enabled?".to_owned()
    } else if kind == io::ErrorKind::PermissionDenied {
        denied(group)
    } else if kind == io::ErrorKind::ResourceBusy {
        "another program is using it".to_owned()
    } else {
        error.to_string()
    };
    BoardError::Refused { what: what.into(), cause }
}

/// Advice about a missing right.
pub(super) fn denied(group: &str) -> String {
    format!(
        "permission denied; add the user to group {group} (usermod -aG {group} USER) and start again"
    )
}

#[cfg(test)]
mod tests {
    use super::refused;
    use rustix::io::Errno;
    use std::io;

    #[test]
    fn a_missing_right_names_the_group_that_has_it() {
        let error = io::Error::from(Errno::ACCESS);

        let shown = refused("/dev/i2c-1", &error, "i2c").to_string();

        assert_eq!(
            shown,
            "cannot open /dev/i2c-1: permission denied; add the user to group i2c (usermod -aG i2c USER) and start again"
        );
    }

    #[test]
    fn a_missing_device_asks_for_its_plug() {
        let error = io::Error::from(Errno::NOENT);

        let shown = refused("/dev/ttyUSB0", &error, "dialout").to_string();

        assert!(shown.ends_with("it does not exist; is it plugged in and enabled?"), "{shown}");
    }
}
