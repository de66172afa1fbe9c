//! From Spark's text to a type.

use std::str::FromStr;

use super::{SparkType, StructField};

/// Types within types: more than anybody has, and little stack.
const DEEPEST: usize = 64;
/// Spark's own limit.
const MOST_DIGITS: u8 = 38;

/// A text that is no type of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{text}' is no type that the protocol has values for: {reason} at byte {at}; \
     see the table under \"Values\" in docs/protocol.md"
)]
pub struct TypeError {
    /// The whole text.
    pub text: String,
    /// What is wrong.
    pub reason: String,
    /// Where.
    pub at: usize,
}

impl FromStr for SparkType {
    type Err = TypeError;

    fn from_str(text: &str) -> Result<Self, TypeError> {
        let mut parser = Parser { text, at: 0 };
        let parsed = parser
            .r#type(0)
            .and_then(|parsed| match parser.rest().trim() {
                "" => Ok(parsed),
                _ => Err("something behind the type".to_owned()),
            });
        parsed.map_err(|reason| TypeError {
            text: text.to_owned(),
            reason,
            at: parser.at,
        })
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes a character if it is the next.
    fn takes(&mut self, wanted: char) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        if self.takes(wanted) {
            Ok(())
        } else {
            Err(format!("no '{wanted}'"))
        }
    }

    /// The letters, digits and underscores that come next; perhaps none.
    fn word(&mut self) -> &'a str {
        self.skip_blanks();
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let word = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// Takes a word if it is the next, in any case.
    fn takes_word(&mut self, wanted: &str) -> bool {
        let before = self.at;
        let found = self.word().eq_ignore_ascii_case(wanted);
        if !found {
            self.at = before;
        }
        found
    }

    fn r#type(&mut self, depth: usize) -> Result<SparkType, String> {
        if depth > DEEPEST {
            return Err(format!("more than {DEEPEST} types within each other"));
        }
        self.skip_blanks();
        let begin = self.at;
        let name = self.word().to_ascii_lowercase();
        Ok(match name.as_str() {
            "string" => SparkType::String,
            "tinyint" | "byte" => SparkType::TinyInt,
            "smallint" | "short" => SparkType::SmallInt,
            "int" | "integer" => SparkType::Int,
            "bigint" | "long" => SparkType::BigInt,
            "float" | "real" => SparkType::Float,
            "double" => SparkType::Double,
            "decimal" | "dec" | "numeric" => self.decimal()?,
            "boolean" => SparkType::Boolean,
            "timestamp" | "timestamp_ltz" => SparkType::Timestamp,
            "date" => SparkType::Date,
            "binary" => SparkType::Binary,
            "array" => {
                self.expect('<')?;
                let element = self.r#type(depth + 1)?;
                self.expect('>')?;
                SparkType::Array(Box::new(element))
            }
            "map" => {
                self.expect('<')?;
                let key = self.r#type(depth + 1)?;
                self.expect(',')?;
                let value = self.r#type(depth + 1)?;
                self.expect('>')?;
                SparkType::Map(Box::new(key), Box::new(value))
            }
            "struct" => {
                self.expect('<')?;
                SparkType::Struct(self.fields(depth + 1)?)
            }
            _ => {
                self.at = begin;
                return Err("an unknown name".to_owned());
            }
        })
    }

    fn decimal(&mut self) -> Result<SparkType, String> {
        let (mut precision, mut scale) = (10, 0);
        if self.takes('(') {
            precision = self.number()?;
            if self.takes(',') {
                scale = self.number()?;
            }
            self.expect(')')?;
        }
        if precision == 0 || precision > MOST_DIGITS || scale > precision {
            return Err(format!(
                "not 1 to {MOST_DIGITS} digits, of which as many may be behind the point"
            ));
        }
        Ok(SparkType::Decimal { precision, scale })
    }

    fn number(&mut self) -> Result<u8, String> {
        self.word()
            .parse()
            .map_err(|_| "no count of digits".to_owned())
    }

    /// The fields of a struct, and its closing bracket.
    fn fields(&mut self, depth: usize) -> Result<Vec<StructField>, String> {
        let mut fields = Vec::new();
        if self.takes('>') {
            return Ok(fields);
        }
        loop {
            let name = self.name()?;
            self.takes(':');
            let r#type = self.r#type(depth)?;
            let nullable = !self.takes_word("not");
            if !nullable && !self.takes_word("null") {
                return Err("no 'null' behind 'not'".to_owned());
            }
            if self.takes_word("comment") {
                self.quoted('\'')?;
            }
            fields.push(StructField {
                name,
                r#type,
                nullable,
            });
            if !self.takes(',') {
                self.expect('>')?;
                return Ok(fields);
            }
        }
    }

    fn name(&mut self) -> Result<String, String> {
        if self.takes('`') {
            self.at -= 1;
            return self.quoted('`');
        }
        match self.word() {
            "" => Err("no name of a field".to_owned()),
            word => Ok(word.to_owned()),
        }
    }

    /// A text between quotes, within which the quote is written twice.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        self.expect(quote)?;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let end = rest
                .find(quote)
                .ok_or_else(|| format!("no closing {quote}"))?;
            text.push_str(&rest[..end]);
            self.at += end + 1;
            if !self.rest().starts_with(quote) {
                return Ok(text);
            }
            text.push(quote);
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_it_was_read() {
        for text in [
            "string",
            "decimal(38,38)",
            "array<array<binary>>",
            "map<string,map<int,date>>",
            "struct<>",
            "array<struct<a:int,b:map<string,decimal(10,2)>>>",
            "struct<a:int not null,`b c``d`:timestamp>",
        ] {
            let read: SparkType = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn what_spark_writes_in_several_ways_is_one_type() {
        for (text, same) in [
            ("BIGINT", "bigint"),
            (" Long ", "bigint"),
            ("decimal", "decimal(10,0)"),
            ("numeric( 5 )", "decimal(5,0)"),
            (
                "STRUCT < a : INT COMMENT 'it''s', b STRING NOT NULL >",
                "struct<a:int,b:string not null>",
            ),
        ] {
            let read: SparkType = text.parse().expect(text);
            assert_eq!(read.to_string(), same);
        }
    }

    #[test]
    fn what_is_no_type_of_the_protocol_is_named_with_its_place() {
        for (text, at, reason) in [
            ("strng", 0, "an unknown name"),
            ("", 0, "an unknown name"),
            ("interval day", 0, "an unknown name"),
            ("array<timestamp_ntz>", 6, "an unknown name"),
            ("array<int", 9, "no '>'"),
            ("array<int>>", 10, "something behind the type"),
            ("decimal(39,1)", 13, "not 1 to 38 digits"),
            ("decimal(3,4)", 12, "not 1 to 38 digits"),
            ("struct<a:int not>", 16, "no 'null' behind 'not'"),
            ("struct<:int>", 7, "no name of a field"),
            ("struct<`a:int>", 8, "no closing `"),
        ] {
            let error = text.parse::<SparkType>().unwrap_err();
            assert!(error.reason.contains(reason), "{error}");
            assert_eq!(error.at, at, "{error}");
        }
        assert!("array<".repeat(100_000).parse::<SparkType>().is_err());
    }
}
