//! PAX extended headers (POSIX.1-2017, pax, "pax Extended Header") and GNU's sparse keywords in them.

use std::collections::BTreeMap;

use crate::TarFault;
use crate::number::decimal;

/// What PAX records say of an entry; `None` leaves it to the header block.
#[derive(Debug, Clone, Default)]
pub(crate) struct PaxAttributes {
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) link_path: Option<Vec<u8>>,
    pub(crate) size: Option<u64>,
    /// A number as text, as are `gid` and `mtime`: one that can't be read still stands in for the header block's.
    pub(crate) uid: Option<Vec<u8>>,
    pub(crate) gid: Option<Vec<u8>>,
    pub(crate) uname: Option<Vec<u8>>,
    pub(crate) gname: Option<Vec<u8>>,
    pub(crate) mtime: Option<Vec<u8>>,
    /// Whether the content is stored without its holes, by the rule of GNU tar: a version above 0, or a map.
    pub(crate) is_sparse: bool,
    pub(crate) sparse_name: Option<Vec<u8>>,
    pub(crate) sparse_size: Option<u64>,
    /// Whether any header has been applied.
    pub(crate) is_applied: bool,
    /// All records, if they are to be kept.
    pub(crate) records: Option<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl PaxAttributes {
    pub(crate) fn new(keeps_records: bool) -> Self {
        Self {
            records: keeps_records.then(BTreeMap::new),
            ..Self::default()
        }
    }

    /// Whether it says what an entry is called, where it points or how long it is.
    pub(crate) fn overrides(&self) -> bool {
        self.path.is_some()
            || self.sparse_name.is_some()
            || self.link_path.is_some()
            || self.size.is_some()
    }

    /// Bytes of the records that are kept.
    pub(crate) fn record_bytes(&self) -> u64 {
        let bytes = |(keyword, value): (&Vec<u8>, &Vec<u8>)| keyword.len() + value.len();
        let records = self.records.iter().flatten();
        records.map(bytes).sum::<usize>() as u64
    }

    /// Applies the records of one extended header. A record with an empty value deletes what an earlier one or a
    /// global header has set. Records end at the first NUL, as in GNU tar.
    pub(crate) fn apply(&mut self, mut records: &[u8]) -> Result<(), TarFault> {
        self.is_applied = true;
        while records.first().is_some_and(|byte| *byte != 0) {
            let (keyword, value, rest) =
                split_record(records).ok_or_else(|| TarFault::PaxRecord {
                    start: escape(records),
                })?;
            self.set(keyword, value)?;
            match &mut self.records {
                Some(kept) if value.is_empty() => drop(kept.remove(keyword)),
                Some(kept) => drop(kept.insert(keyword.to_vec(), value.to_vec())),
                None => {}
            }
            records = rest;
        }
        Ok(())
    }

    /// Bytes of the longest text.
    pub(crate) fn longest_text(&self) -> u64 {
        let texts = [
            &self.path,
            &self.link_path,
            &self.uid,
            &self.gid,
            &self.mtime,
            &self.uname,
            &self.gname,
            &self.sparse_name,
        ];
        let longest = texts.into_iter().flatten().map(Vec::len).max();
        longest.unwrap_or(0) as u64
    }

    fn set(&mut self, keyword: &[u8], value: &[u8]) -> Result<(), TarFault> {
        match keyword {
            b"path" => self.path = text(value),
            b"linkpath" => self.link_path = text(value),
            b"size" => self.size = number("PAX size", value)?,
            b"uid" => self.uid = text(value),
            b"gid" => self.gid = text(value),
            b"uname" => self.uname = text(value),
            b"gname" => self.gname = text(value),
            b"mtime" => self.mtime = text(value),
            b"GNU.sparse.major" => self.is_sparse |= !matches!(value, b"" | b"0"),
            b"GNU.sparse.map" | b"GNU.sparse.offset" => self.is_sparse = true,
            b"GNU.sparse.name" => self.sparse_name = text(value),
            b"GNU.sparse.realsize" => {
                self.sparse_size = number("PAX GNU.sparse.realsize", value)?;
            }
            b"GNU.sparse.size" => self.sparse_size = number("PAX GNU.sparse.size", value)?,
            _ => {}
        }
        Ok(())
    }
}

/// Splits `length keyword=value\n` off; the length counts the whole record.
fn split_record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = records.iter().position(|byte| !byte.is_ascii_digit())?;
    let length = usize::try_from(decimal(&records[..space])?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    let record = record
        .get(space..)?
        .strip_prefix(b" ")?
        .strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', record)?;
    Some((&record[..equals], &record[equals + 1..], rest))
}

fn text(value: &[u8]) -> Option<Vec<u8>> {
    (!value.is_empty()).then(|| value.to_vec())
}

fn number(field: &'static str, value: &[u8]) -> Result<Option<u64>, TarFault> {
    if value.is_empty() {
        return Ok(None);
    }
    match decimal(value) {
        Some(number) => Ok(Some(number)),
        None => Err(TarFault::Number {
            field,
            value: escape(value),
        }),
    }
}

/// The first bytes as printable text, for messages.
pub(crate) fn escape(bytes: &[u8]) -> String {
    bytes[..bytes.len().min(40)].escape_ascii().to_string()
}
