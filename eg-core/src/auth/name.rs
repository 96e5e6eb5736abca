//! Names of users and tokens, and the least that a password must be.

use super::error::AccountError;

/// Longest name, in characters.
const LONGEST: usize = 32;

/// Shortest and longest password, in characters and bytes.
const PASSWORD: (usize, usize) = (8, 256);

/// Names under which the journal, and lists, record acts that no user did.
const TAKEN: [&str; 8] =
    ["compat", "demo", "eg-core", "import-old", "rehearsal", "retention", "show", "token"];

/// Checks a name and returns it in lower case: 1 to 32 of `a-z`, `0-9`, `.`, `_` and `-`, the first a letter or digit.
///
/// # Errors
/// [`AccountError::Invalid`] if nobody can be called so.
pub(super) fn check_name(name: &str) -> Result<String, AccountError> {
    let name = name.trim().to_ascii_lowercase();
    let good =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins || name.len() > LONGEST || !name.chars().all(good) {
        let fr = "un nom a 1 à 32 caractères parmi a-z, 0-9, « . », « _ » et « - », le premier une lettre ou un chiffre";
        let en =
            "a name is 1 to 32 of a-z, 0-9, \".\", \"_\" and \"-\", the first a letter or a digit";
        return Err(AccountError::invalid(fr, en));
    }
    if TAKEN.contains(&name.as_str()) {
        let fr =
            format!("« {name} » désigne autre chose dans le journal ; choisissez un autre nom");
        let en = format!("\"{name}\" means something else in the journal; choose another name");
        return Err(AccountError::invalid(fr, en));
    }
    Ok(name)
}

/// Checks that a password is long enough: 8 characters, and 256 bytes at most.
///
/// # Errors
/// [`AccountError::Invalid`] if it is not.
pub(super) fn check_password(password: &str) -> Result<(), AccountError> {
    let (least, most) = PASSWORD;
    if password.chars().count() < least || password.len() > most {
        let fr = format!("un mot de passe a {least} caractères au moins et {most} octets au plus");
        let en = format!("a password has {least} characters at least and {most} bytes at most");
        return Err(AccountError::invalid(fr, en));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_pass_for_something_else_in_the_journal() {
        for name in ["", "token x", "compat", "Retention", "-a", "é", "a\u{202e}b", &"x".repeat(33)]
        {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        assert_eq!(check_name(" Anna.B-2 ").unwrap(), "anna.b-2");
    }

    #[test]
    fn a_password_of_seven_characters_is_too_short() {
        assert!(check_password("ééééééé").is_err());
        assert!(check_password("éééééééé").is_ok());
        assert!(check_password(&"x".repeat(257)).is_err());
    }
}
