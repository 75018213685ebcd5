//! Authentication: who calls, by session cookie or bearer token, and what they may do.

pub mod caller;
mod origin;
pub mod password;
pub mod permit;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod totp;

pub use self::caller::Caller;
