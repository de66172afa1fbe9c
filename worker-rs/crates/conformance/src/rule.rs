//! The closed list of rules that a worker has to keep.

/// Declares the rules once, with all their text.
macro_rules! rules {
    ($(#[doc = $sentence:literal] $variant:ident = $name:literal, $section:literal, $remedy:literal;)+) => {
        /// A rule of the protocol that can be seen from outside. Each one's sentence is its documentation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $sentence] $variant,)+
        }

        impl Rule {
            /// All rules, in the order in which they are reported.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that the report and the documentation call it by.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What a worker has to do.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence.trim()),+ }
            }

            /// The heading in `docs/protocol.md` under which it stands.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self { $(Self::$variant => $section),+ }
            }

            /// What to do about a worker that breaks it.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy),+ }
            }
        }
    };
}

rules! {
    /// `describe` prints one JSON object of at most 1 MiB on one line and exits with 0, without reading standard input.
    DescribeOneLine = "describe-one-line", "Describe",
        "print the description, end it with a line feed, and exit before anything else is done";
    /// The description has all the fields of the example.
    DescribeFields = "describe-fields", "Describe",
        "compare it with the example on the page, field by field";
    /// The description names version 1 of the protocol.
    DescribeVersion = "describe-version", "Describe",
        "write \"protocol\":[1]";
    /// There is at least one table; names of tables, and those of a table's columns, come once; none of the connector's own is among them.
    DescribeTables = "describe-tables", "Describe",
        "rename the table or column, or leave it out";
    /// Columns and fields of inputs have types that the protocol has values for.
    DescribeTypes = "describe-types", "Values",
        "write the type as Spark SQL does, and take one of the table on the page";
    /// Standard output carries frames and nothing else: each line is a JSON object.
    OnlyFrames = "only-frames", "The line protocol, version 1",
        "write what is for people to standard error, or in a `log` frame";
    /// A line is UTF-8, at most 16 MiB long, and ends with a line feed.
    LineForm = "line-form", "The line protocol, version 1",
        "encode as UTF-8, spread rows over several frames before one gets too long, and end the last line too";
    /// A frame has a known type, and the fields of that type.
    FrameFields = "frame-fields", "From a worker",
        "compare the frame with the examples on the page";
    /// `type` comes first in a frame; in `rows`, `id` comes before `rows` and `done` behind it.
    FieldOrder = "field-order", "Frames",
        "write the fields in the order of the examples; a JSON library that sorts them has to be told";
    /// `hello` is the answer to `open` and the first frame, with version 1.
    HelloFirst = "hello-first", "From a worker",
        "answer `open` at once, flush standard output, and let all other frames wait";
    /// `hello` has exactly the columns that `open` asks for, in that order, with the types of the description; none, if none is asked for.
    HelloColumns = "hello-columns", "From a worker",
        "make the list from the `columns` of `open`, not from the table";
    /// The window in `hello` has room for at least one input and one byte.
    HelloWindow = "hello-window", "From a worker",
        "say how many inputs the worker can hold, 64 for example";
    /// A frame's `id` is that of an input that has come.
    IdKnown = "id-known", "Flow",
        "take the `id` from the `in` frame";
    /// Each input ends exactly once, with `done` or `error`, and nothing of it comes behind that.
    InputEndsOnce = "input-ends-once", "From a worker",
        "see that every way through the code for an input ends it, and only one does";
    /// A row is an array with as many values as columns are asked for.
    RowWidth = "row-width", "Frames",
        "make the row from the `columns` of `open`, in their order";
    /// A value fits the type of its column.
    RowValues = "row-values", "Values",
        "write it as the table on the page says, in the order of the columns that `open` asks for";
    /// Null comes only where the description says that the column is nullable.
    RowNulls = "row-nulls", "Values",
        "send a value, or describe the column as nullable";
    /// `rows` in `done` and `error` counts all rows sent for the input.
    RowsCounted = "rows-counted", "From a worker",
        "count the rows where they are sent";
    /// Rows of an input below 256 KiB travel in one frame together with `done`.
    RowsWhole = "rows-whole", "From a worker",
        "gather the rows of an input until they reach 256 KiB, and send the last ones with `done`";
    /// An input of a table with one row per input has exactly one row, or ends with `error` and has none.
    OneRow = "one-row", "Describe",
        "send one row or an `error` frame for each input, or describe the table with \"rows_per_input\":\"many\"";
    /// The code in `error` is one of the closed list.
    ErrorCodes = "error-codes", "From a worker",
        "take a code of the list in docs/tables.md: BAD_INPUT or INTERNAL, if no other fits";
    /// The counters in `metrics` are integers from 0 up that never shrink.
    Metrics = "metrics", "From a worker",
        "count from the start of the conversation, and send the sums";
    /// `bye` comes last, after `end` and the last input; then the worker exits with 0.
    ByeLast = "bye-last", "From a worker",
        "after `end` finish all inputs, send `bye`, flush standard output and exit with 0";
    /// The totals in `bye` are those of the `done` and `error` frames of the conversation.
    ByeTotals = "bye-totals", "From a worker",
        "add them up where `done` and `error` are sent";
    /// `end` right behind `hello` is answered by `bye` with zeros: no input is needed.
    EndAtOnce = "end-at-once", "From the connector",
        "wait for inputs and for `end` in the same loop";
    /// Ids only increase: they need not begin with 1, nor follow each other.
    IdsAny = "ids-any", "From the connector",
        "keep the `id` of each input beside it, and count nothing on the way";
    /// Unknown fields in `open` and `in` are ignored.
    UnknownFields = "unknown-fields", "Frames",
        "read the fields by name, and leave all others";
    /// An `in` line of 1 MiB is taken.
    LongLine = "long-line", "The line protocol, version 1",
        "read lines with a buffer that grows";
    /// An input that the worker can't use ends, and the worker goes on with the others.
    BadInput = "bad-input", "From a worker",
        "catch what goes wrong with an input and send an `error` frame with its `id`";
    /// The worker reads up to the window without waiting for its own output to be read.
    WindowRead = "window-read", "Flow",
        "read standard input in a thread of its own, into a queue that the window bounds";
    /// Given a token back, the worker continues exactly behind the rows of the frame that carried it.
    Resume = "resume", "Replays",
        "keep in the token how many rows have left, and skip as many; or give no tokens";
    /// A version of the protocol that the worker doesn't speak is refused: a reason on standard error, and an exit with another status than 0.
    RefusesVersion = "refuses-version", "From a worker",
        "compare the `version` of `open` with 1";
    /// A table that the worker doesn't have is refused in the same way.
    RefusesTable = "refuses-table", "From a worker",
        "look the `table` of `open` up, also where there is only one";
    /// A column that the table doesn't have is refused in the same way.
    RefusesColumn = "refuses-column", "From a worker",
        "look all `columns` of `open` up before `hello`";
    /// A frame of an unknown type is refused in the same way.
    RefusesFrame = "refuses-frame", "Frames",
        "take frames other than `in` and `end` for an error";
    /// When standard input ends without `end`, the worker exits with another status than 0 within a second, whatever it is doing.
    StdinEnd = "stdin-end", "From the connector",
        "have standard input read by a thread that ends the process when it ends without `end`";
    /// When standard output is closed, the worker exits.
    StdoutClosed = "stdout-closed", "Flow",
        "take a failed write to standard output for the end";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_come_once_and_sections_are_headings_of_the_page() {
        let page = include_str!("../../../../docs/protocol.md");
        let headings: Vec<_> = page
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| line.trim_start_matches('#').trim())
            .collect();
        for rule in Rule::ALL {
            assert!(headings.contains(&rule.section()), "{rule:?}");
        }
        let names: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
    }
}
