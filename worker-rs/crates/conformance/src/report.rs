//! What was found out about each rule, and how it is told.

use std::collections::BTreeMap;
use std::fmt;

use crate::rule::Rule;

/// Shown of a line: enough to recognise it.
const SHOWN_BYTES: usize = 200;

/// What was found out about a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It was kept wherever it was looked at.
    Kept,
    /// It was broken: what was seen.
    Broken(String),
    /// Nothing showed whether it is kept: why.
    NotTried(String),
}

/// The findings of one run. A rule's first breach stays.
#[derive(Debug, Default)]
pub struct Report {
    findings: BTreeMap<Rule, Finding>,
}

impl Report {
    /// What is known about a rule.
    #[must_use]
    pub fn finding(&self, rule: Rule) -> Finding {
        let unknown = || Finding::NotTried("nothing came that could show it".to_owned());
        self.findings.get(&rule).cloned().unwrap_or_else(unknown)
    }

    /// The rules that are broken.
    pub fn broken(&self) -> impl Iterator<Item = Rule> {
        self.findings
            .iter()
            .filter(|(_, finding)| matches!(finding, Finding::Broken(_)))
            .map(|(&rule, _)| rule)
    }

    pub(crate) fn is_broken(&self, rule: Rule) -> bool {
        matches!(self.findings.get(&rule), Some(Finding::Broken(_)))
    }

    /// A rule was looked at, and nothing was wrong.
    pub(crate) fn kept(&mut self, rule: Rule) {
        if !self.is_broken(rule) {
            self.findings.insert(rule, Finding::Kept);
        }
    }

    pub(crate) fn breach(&mut self, breach: Breach) {
        if !self.is_broken(breach.rule) {
            self.findings
                .insert(breach.rule, Finding::Broken(breach.seen));
        }
    }

    pub(crate) fn not_tried(&mut self, rule: Rule, why: impl Into<String>) {
        self.findings
            .entry(rule)
            .or_insert_with(|| Finding::NotTried(why.into()));
    }
}

/// A line for each rule, and a paragraph for each broken one.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut kept, mut broken, mut not_tried) = (0, 0, 0);
        for &rule in Rule::ALL {
            let name = rule.name();
            match self.finding(rule) {
                Finding::Kept => {
                    kept += 1;
                    writeln!(f, "ok         {name}")?;
                }
                Finding::NotTried(why) => {
                    not_tried += 1;
                    writeln!(f, "not tried  {name}: {why}")?;
                }
                Finding::Broken(seen) => {
                    broken += 1;
                    writeln!(f, "BROKEN     {name}")?;
                    writeln!(f, "  seen: {seen}")?;
                    let (sentence, section) = (rule.sentence(), rule.section());
                    writeln!(f, "  rule: {sentence} (docs/protocol.md, \"{section}\")")?;
                    writeln!(f, "  do:   {}", rule.remedy())?;
                }
            }
        }
        writeln!(f, "{kept} kept, {broken} broken, {not_tried} not tried")
    }
}

/// A rule that is broken, and what showed it.
#[derive(Clone, Debug)]
pub(crate) struct Breach {
    pub(crate) rule: Rule,
    pub(crate) seen: String,
}

/// The first 200 bytes of a line.
pub(crate) fn shown(line: &[u8]) -> String {
    let start = String::from_utf8_lossy(&line[..line.len().min(SHOWN_BYTES)]);
    let more = if line.len() > SHOWN_BYTES { "..." } else { "" };
    format!("{}{more}", start.trim_end())
}
