//! Times as templates see and print them.

use jiff::{Timestamp, tz::TimeZone};

/// Milliseconds since the epoch as RFC 3339 in UTC, in whole seconds.
pub fn iso(millis: i64) -> String {
    let seconds = millis.div_euclid(1000);
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

/// An RFC 3339 time printed by a `strftime` pattern in the named zone; UTC where the zone is unknown.
pub fn format(time: &str, pattern: &str, zone: &str) -> Result<String, jiff::Error> {
    let time: Timestamp = time.parse()?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    jiff::fmt::strtime::format(pattern, &time.to_zoned(zone))
}

/// As feeds of the RSS kind want it (RFC 2822).
pub fn rfc2822(time: &str) -> Result<String, jiff::Error> {
    let time: Timestamp = time.parse()?;
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&time)
}
