//! Secrets: random words that only their holder knows. Their hashes are kept, never they themselves.

use rand::RngCore;

/// How bearer tokens begin, so that people and scanners know them.
pub const TOKEN_PREFIX: &str = "prn_";

/// 256 random bits, in hexadecimal.
pub fn random() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    blake3::Hash::from_bytes(bytes).to_hex().to_string()
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

/// Whether two secrets are equal, in the same time whatever they have in common.
pub fn equal(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}
