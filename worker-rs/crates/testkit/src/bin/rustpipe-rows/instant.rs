//! Timestamps as text.

/// What Spark counts timestamps in.
pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;

/// A time since 1970 in the form of RFC 3339, to the microsecond. Digit by digit: formatting would take longer than
/// the rest of the row.
pub(crate) fn rfc3339(micros: i64) -> String {
    let (seconds, micros) = (
        micros.div_euclid(MICROS_PER_SECOND),
        micros.rem_euclid(MICROS_PER_SECOND),
    );
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let mut text = String::with_capacity(27);
    for (number, width, behind) in [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (second / 3600, 2, ':'),
        (second / 60 % 60, 2, ':'),
        (second % 60, 2, '.'),
        (micros, 6, 'Z'),
    ] {
        for place in (0..width).rev() {
            let digit = number / 10_i64.pow(place) % 10;
            text.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
        }
        text.push(behind);
    }
    text
}

/// Year, month and day so many days after 1970-01-01: counted in the cycles of 400 years after which the calendar
/// repeats, with years that begin in March, so that a leap day is a year's last.
fn date(days: i64) -> (i64, i64, i64) {
    let since_march_of_0 = days + 719_468;
    let (cycle, day) = (
        since_march_of_0.div_euclid(146_097),
        since_march_of_0.rem_euclid(146_097),
    );
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let january_is_behind = i64::from(month >= 10);
    (
        cycle * 400 + year + january_is_behind,
        month + 3 - 12 * january_is_behind,
        day - (153 * month + 2) / 5 + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_read_as_they_should() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
            (1_700_000_000_123_456, "2023-11-14T22:13:20.123456Z"),
            (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(rfc3339(micros), text);
        }
    }
}
