//! Points in time as the API writes them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;

/// Milliseconds since the epoch; in JSON an RFC 3339 text in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Time(pub i64);

impl Time {
    pub fn now() -> Self {
        Self(Timestamp::now().as_millisecond())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Timestamp::from_millisecond(self.0).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let time: Timestamp = text
            .parse()
            .map_err(|_| D::Error::custom(format!("\"{text}\" is not a time such as 2026-11-25T10:00:00Z")))?;
        Ok(Self(time.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_is_read_and_written_in_utc() {
        let time: Time = serde_json::from_str("\"2026-11-25T11:00:00+01:00\"").unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2026-11-25T10:00:00Z\"");
        assert_eq!(serde_json::to_string(&Time(1)).unwrap(), "\"1970-01-01T00:00:00.001Z\"");
        assert!(serde_json::from_str::<Time>("\"tomorrow\"").is_err());
    }
}
