//! Numbers as tar writes them: octal and base-256 in header blocks, decimal in PAX records.

/// The number in a header field of at most 12 bytes.
///
/// Octal digits may follow spaces (or one NUL, which some old programs wrote) and end at a space, a NUL or the
/// field's end; a blank field is 0. GNU's base-256 has the top bit set and is big-endian two's complement in the
/// other bits. `None` is anything else.
pub(crate) fn header_number(field: &[u8]) -> Option<i128> {
    match field {
        [first, rest @ ..] if first & 0x80 != 0 => {
            let sign_extended = i128::from((first << 1).cast_signed() >> 1);
            Some(
                rest.iter()
                    .fold(sign_extended, |value, byte| value << 8 | i128::from(*byte)),
            )
        }
        [0, rest @ ..] => octal(rest),
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<i128> {
    let digits = field.trim_ascii_start();
    let end = digits
        .iter()
        .position(|byte| !matches!(byte, b'0'..=b'7'))
        .unwrap_or(digits.len());
    match digits.get(end) {
        None | Some(0 | b' ') => Some(
            digits[..end]
                .iter()
                .fold(0, |value, digit| value << 3 | i128::from(digit - b'0')),
        ),
        Some(_) => None,
    }
}

/// A PAX decimal number; it fits a `BIGINT`.
pub(crate) fn decimal(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value)
        .ok()?
        .parse::<i64>()
        .ok()?
        .try_into()
        .ok()
}

/// A PAX time, seconds since 1970 with a sign and a fraction, as microseconds rounded down.
pub(crate) fn time_micros(value: &[u8]) -> Option<i64> {
    let (negative, magnitude) = match value {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, value),
    };
    let point = magnitude.iter().position(|byte| *byte == b'.');
    let (seconds, fraction) = match point {
        Some(point) => (&magnitude[..point], &magnitude[point + 1..]),
        None => (magnitude, &[][..]),
    };
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |place: usize| i64::from(fraction.get(place).map_or(0, |digit| digit - b'0'));
    let fraction_micros = (0..6).fold(0, |micros, place| micros * 10 + digit(place));
    let finer = fraction.iter().skip(6).any(|digit| *digit != b'0');
    let micros = i64::try_from(decimal(seconds)?)
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(fraction_micros)?;
    if negative {
        (-micros).checked_sub(i64::from(finer))
    } else {
        Some(micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_fields_end_at_space_nul_or_the_fields_end() {
        assert_eq!(header_number(b"0000644\0"), Some(0o644));
        assert_eq!(header_number(b"  644 \0\0"), Some(0o644));
        assert_eq!(header_number(b"77777777"), Some(0o77_777_777));
        assert_eq!(header_number(b"\0   644 "), Some(0o644));
        assert_eq!(header_number(b"644 junk"), Some(0o644));
    }

    #[test]
    fn a_blank_field_is_zero() {
        assert_eq!(header_number(&[0; 8]), Some(0));
        assert_eq!(header_number(b"        "), Some(0));
    }

    #[test]
    fn garbage_is_no_number() {
        for field in [
            &b"000064x\0"[..],
            b"-1\0\0\0\0\0\0",
            b"0000009\0",
            b"NaN\0\0\0\0\0",
        ] {
            assert_eq!(header_number(field), None, "{}", field.escape_ascii());
        }
    }

    #[test]
    fn base_256_is_twos_complement() {
        assert_eq!(
            header_number(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"),
            Some(8 << 30)
        );
        assert_eq!(header_number(&[0xff; 12]), Some(-1));
        assert_eq!(
            header_number(b"\xff\xff\xff\xff\xff\xff\xff\x9c"),
            Some(-100)
        );
        assert_eq!(
            header_number(b"\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            Some((1 << 94) - 1)
        );
        assert_eq!(
            header_number(b"\xc0\0\0\0\0\0\0\0\0\0\0\0"),
            Some(-(1 << 94))
        );
    }

    #[test]
    fn decimals_fit_a_bigint() {
        assert_eq!(decimal(b"9223372036854775807"), Some(i64::MAX as u64));
        for value in [
            &b""[..],
            b"9223372036854775808",
            b"-1",
            b"+1",
            b" 1",
            b"1.0",
        ] {
            assert_eq!(decimal(value), None, "{}", value.escape_ascii());
        }
    }

    #[test]
    fn times_round_down_to_microseconds() {
        assert_eq!(time_micros(b"1700000000"), Some(1_700_000_000_000_000));
        assert_eq!(time_micros(b"1.5"), Some(1_500_000));
        assert_eq!(time_micros(b"1.123456789"), Some(1_123_456));
        assert_eq!(time_micros(b"-1.5"), Some(-1_500_000));
        assert_eq!(time_micros(b"-1.0000001"), Some(-1_000_001));
        assert_eq!(time_micros(b"-0.0000000"), Some(0));
    }

    #[test]
    fn times_out_of_range_or_garbled_are_no_times() {
        for value in [
            &b""[..],
            b"-",
            b"1.x",
            b".5",
            b"1.5.5",
            b"9223372036855",
            b"99999999999999999999",
        ] {
            assert_eq!(time_micros(value), None, "{}", value.escape_ascii());
        }
    }
}
