//! Dates as people write them: in front matter, in paths, in file names.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

/// Milliseconds since the epoch of a date in a field. Without an offset it is taken in `zone`.
pub fn parse(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = leading_date(text, '-')?;
    let rest = rest.strip_prefix(['T', 't', ' ']).unwrap_or(rest).trim_start();
    let clock = rest.split(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').next().unwrap_or_default();
    let time = if clock.contains(':') { time(clock)? } else { Time::midnight() };
    let after = if clock.contains(':') { rest.get(clock.len()..).unwrap_or_default() } else { rest };
    let zone = offset(after.trim()).map_or_else(|| zone.clone(), TimeZone::fixed);
    millis(DateTime::from_parts(date, time), &zone)
}

/// Midnight of a day in `zone`.
pub fn midnight(date: Date, zone: &TimeZone) -> Option<i64> {
    millis(DateTime::from_parts(date, Time::midnight()), zone)
}

/// Year, month and day of a moment in `zone`.
pub fn day(millis: i64, zone: &TimeZone) -> Option<DateTime> {
    Some(jiff::Timestamp::from_millisecond(millis).ok()?.to_zoned(zone.clone()).datetime())
}

/// `/2015/3/23/` anywhere in a path.
pub fn in_path(path: &str) -> Option<Date> {
    let segments: Vec<&str> = path.split('/').collect();
    segments.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        leading_date(&format!("{year}-{month}-{day}"), '-').filter(|(_, rest)| rest.is_empty()).map(|(date, _)| date)
    })
}

/// `2017-3-23-some-title` → the day and `some-title`; a date alone has no title.
pub fn of_file(stem: &str) -> Option<(Date, &str)> {
    let (date, rest) = leading_date(stem, '-')?;
    match rest.strip_prefix(['-', '_']) {
        Some(title) => Some((date, title)),
        None => rest.is_empty().then_some((date, "")),
    }
}

/// A four-digit year, a month and a day at the start of a text, not always padded.
fn leading_date(text: &str, separator: char) -> Option<(Date, &str)> {
    let (year, rest) = text.split_once(separator)?;
    let (month, rest) = rest.split_once(separator)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(digits);
    let number = |text: &str, longest: usize| {
        (1..=longest)
            .contains(&text.len())
            .then(|| text.parse::<i16>().ok())
            .flatten()
            .filter(|_| text.bytes().all(|b| b.is_ascii_digit()))
    };
    let year = number(year, 4).filter(|_| year.len() == 4)?;
    let (month, day) = (i8::try_from(number(month, 2)?).ok()?, i8::try_from(number(day, 2)?).ok()?);
    Some((Date::new(year, month, day).ok()?, rest))
}

/// `13:07`, `13:07:09` or `13:07:09.5`.
fn time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = parts.next().unwrap_or("0").split('.').next()?.parse().ok()?;
    Time::new(hour, minute, second, 0).ok()
}

/// `Z`, `UTC`, `+01:00`, `-0800` or `+1`, at the end of what follows the time.
fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(Offset::UTC);
    }
    let at = text.rfind(['+', '-'])?;
    let (before, digits) = (text.get(..at)?, text.get(at + 1..)?);
    if before.contains(|c: char| c.is_alphabetic()) || !digits.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return None;
    }
    let digits = digits.replace(':', "");
    let (hours, minutes) = if digits.len() <= 2 { (digits.as_str(), "0") } else { digits.split_at(digits.len() - 2) };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(if text.as_bytes().get(at) == Some(&b'-') { -seconds } else { seconds }).ok()
}

fn millis(local: DateTime, zone: &TimeZone) -> Option<i64> {
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means(text: &str, expected: &str) {
        let zone = TimeZone::fixed(Offset::from_hours(-8).unwrap());
        let found = parse(text, &zone).map(|millis| jiff::Timestamp::from_millisecond(millis).unwrap().to_string());
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn the_forms_in_use() {
        means("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z");
        means("2020-01-02T03:04:05.678+01:00", "2020-01-02T02:04:05Z");
        means("2020-01-02", "2020-01-02T08:00:00Z");
        means("2020-1-2", "2020-01-02T08:00:00Z");
        means("2010-01-10 13:07:09", "2010-01-10T21:07:09Z");
        means("2010-01-10 13:07", "2010-01-10T21:07:00Z");
        means("2010-01-10 13:07:09 +00:00", "2010-01-10T13:07:09Z");
        means("2014-05-06 21:25:08 +0200", "2014-05-06T19:25:08Z");
        means("2023-01-29 18:30:22 2023 -0800", "2023-01-30T02:30:22Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "soon", "2020", "2020-13-01", "2020-02-30", "20-01-01", "2020-01-01T25:00:00Z"] {
            assert_eq!(parse(text, &TimeZone::UTC), None, "{text}");
        }
    }

    #[test]
    fn paths_and_file_names_have_dates() {
        assert_eq!(in_path("inside-rust/2020/07/27/x"), Date::new(2020, 7, 27).ok());
        assert_eq!(in_path("2017/3/2/x"), Date::new(2017, 3, 2).ok());
        assert_eq!(in_path("a/2020/x/27"), None);
        assert_eq!(of_file("2017-2-5-no-zeroes"), Some((Date::new(2017, 2, 5).unwrap(), "no-zeroes")));
        assert_eq!(of_file("2017-02-05"), Some((Date::new(2017, 2, 5).unwrap(), "")));
        assert_eq!(of_file("1.0-Timeline"), None);
        assert_eq!(of_file("2024-Edition-CFP"), None);
    }
}
