//! Passwords: hashed with Argon2id, checked in the same time whether there is an account or not.

use std::sync::OnceLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// In characters.
const SHORTEST: usize = 10;
const LONGEST: usize = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("Use at least {SHORTEST} characters. Several words are easy to remember.")]
    TooShort,
    #[error("Use at most {LONGEST} characters.")]
    TooLong,
    #[error("The password cannot be hashed: {0}.")]
    Hash(String),
}

/// Takes about 50 ms of one core: never call it where others wait.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    match password.chars().count() {
        length if length < SHORTEST => return Err(PasswordError::TooShort),
        length if length > LONGEST => return Err(PasswordError::TooLong),
        _ => {}
    }
    let hash: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| PasswordError::Hash(error.to_string()))
}

/// Whether the password is the one behind `known`. Without an account it checks against a password that nobody has.
pub fn verify(password: &str, known: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = NOBODY.get_or_init(|| hash(&super::secret::random()).unwrap_or_default());
    if password.len() > 4 * LONGEST {
        return false;
    }
    let right = PasswordHash::new(known.unwrap_or(nobody))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    right && known.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_of_somebody_is_right() {
        let known = hash("correct horse battery").unwrap();
        assert!(known.starts_with("$argon2id$"), "{known}");
        assert!(verify("correct horse battery", Some(&known)));
        assert!(!verify("correct horse batterx", Some(&known)));
        assert!(!verify("correct horse battery", None));
        assert!(!verify("", Some("")));
    }

    #[test]
    fn passwords_are_neither_short_nor_endless() {
        assert!(matches!(hash("123456789"), Err(PasswordError::TooShort)));
        assert!(matches!(hash(&"x".repeat(1_001)), Err(PasswordError::TooLong)));
    }
}
