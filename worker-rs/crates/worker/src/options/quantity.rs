//! Values as people write them: `500ms`, `256MiB`, `5`.

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Just a number.
    Count,
    /// Milliseconds, always with a unit: a bare number of what?
    Time,
    /// Bytes; a bare number is bytes.
    Bytes,
}

impl Quantity {
    /// The kind of value, for the description.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Count => "int",
            Self::Time => "time",
            Self::Bytes => "bytes",
        }
    }

    /// Units from the smallest, each with what it stands for.
    fn units(self) -> &'static [(&'static str, u64)] {
        match self {
            Self::Count => &[("", 1)],
            Self::Time => &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)],
            Self::Bytes => &[
                ("", 1),
                ("KiB", 1 << 10),
                ("MiB", 1 << 20),
                ("GiB", 1 << 30),
                ("TiB", 1 << 40),
            ],
        }
    }

    /// A whole number and its unit, in any case, with or without space between.
    pub(crate) fn parse(self, text: &str) -> Option<u64> {
        let text = text.trim();
        let digits = text
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = unit.trim_start();
        let (_, factor) = self
            .units()
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
        number.parse::<u64>().ok()?.checked_mul(*factor)
    }

    /// The value in its largest unit that gives a whole number.
    pub(crate) fn show(self, value: u64) -> String {
        let units = self.units();
        let (unit, factor) = units
            .iter()
            .rfind(|(_, factor)| value != 0 && value.is_multiple_of(*factor))
            .unwrap_or(&units[0]);
        format!("{}{unit}", value / factor)
    }

    /// What a value that is refused should have been.
    pub(crate) fn expected(self, least: u64, most: u64) -> String {
        let (least, most) = (self.show(least), self.show(most));
        match self {
            Self::Count => format!("a whole number from {least} to {most}"),
            Self::Time => {
                format!("a time from {least} to {most}: a whole number and ms, s, m or h")
            }
            Self::Bytes => format!(
                "a size from {least} to {most}: a whole number of bytes, or one and KiB, MiB, GiB or TiB"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_whole_numbers_with_a_unit() {
        for (quantity, text, value) in [
            (Quantity::Count, "5", Some(5)),
            (Quantity::Count, " 5 ", Some(5)),
            (Quantity::Count, "5s", None),
            (Quantity::Count, "-5", None),
            (Quantity::Count, "+5", None),
            (Quantity::Count, "1.5", None),
            (Quantity::Count, "", None),
            (Quantity::Time, "500ms", Some(500)),
            (Quantity::Time, "30s", Some(30_000)),
            (Quantity::Time, "30 S", Some(30_000)),
            (Quantity::Time, "5m", Some(300_000)),
            (Quantity::Time, "2h", Some(7_200_000)),
            (Quantity::Time, "30", None),
            (Quantity::Time, "s", None),
            (Quantity::Time, "1.5s", None),
            (Quantity::Time, "30 seconds", None),
            (Quantity::Bytes, "1024", Some(1024)),
            (Quantity::Bytes, "256MiB", Some(256 << 20)),
            (Quantity::Bytes, "256mib", Some(256 << 20)),
            (Quantity::Bytes, "1 GiB", Some(1 << 30)),
            (Quantity::Bytes, "1GB", None),
            (Quantity::Bytes, "1k", None),
            (Quantity::Bytes, "99999999999TiB", None),
            (Quantity::Bytes, "99999999999999999999", None),
        ] {
            assert_eq!(quantity.parse(text), value, "{quantity:?} {text:?}");
        }
    }

    #[test]
    fn a_value_is_shown_in_its_largest_whole_unit() {
        for (quantity, value, text) in [
            (Quantity::Count, 0, "0"),
            (Quantity::Count, 100_000, "100000"),
            (Quantity::Time, 0, "0ms"),
            (Quantity::Time, 500, "500ms"),
            (Quantity::Time, 90_000, "90s"),
            (Quantity::Time, 300_000, "5m"),
            (Quantity::Time, 86_400_000, "24h"),
            (Quantity::Bytes, 0, "0"),
            (Quantity::Bytes, 1023, "1023"),
            (Quantity::Bytes, 256 << 20, "256MiB"),
            (Quantity::Bytes, 1 << 40, "1TiB"),
        ] {
            assert_eq!(quantity.show(value), text);
            assert_eq!(quantity.parse(text), Some(value));
        }
    }
}
