//! What a query wants, checked against the tables.

use std::sync::Arc;

use rustpipe_protocol::{HelloColumn, Table};

use crate::entries::{self, EntryField};
use crate::fetches::{self, FetchField};
use crate::table::Cost;

/// All tables, as the description shows them.
#[must_use]
pub fn tables() -> Vec<Table> {
    vec![fetches::TABLE.describe(), entries::TABLE.describe()]
}

/// The columns that a query wants of one table, and how deep the work has to go for them.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) rows: Rows,
    columns: Vec<HelloColumn>,
    cost: Cost,
}

/// The fields of a row, in order.
#[derive(Clone, Debug)]
pub(crate) enum Rows {
    Fetches(Arc<[FetchField]>),
    Entries(Arc<[EntryField]>),
}

impl Plan {
    /// The plan for these columns of this table.
    ///
    /// # Errors
    /// When there is no such table or column, or a column is asked for twice.
    pub fn new(table: &str, columns: &[String]) -> Result<Self, PlanError> {
        if table == fetches::TABLE.name {
            let selection = fetches::TABLE.select(columns)?;
            let rows = Rows::Fetches(selection.fields.into());
            Ok(Self {
                rows,
                columns: selection.columns,
                cost: selection.cost,
            })
        } else if table == entries::TABLE.name {
            let selection = entries::TABLE.select(columns)?;
            let rows = Rows::Entries(selection.fields.into());
            Ok(Self {
                rows,
                columns: selection.columns,
                cost: selection.cost,
            })
        } else {
            Err(PlanError::UnknownTable {
                table: table.to_owned(),
                known: tables().into_iter().map(|table| table.name).collect(),
            })
        }
    }

    /// Names and types of the columns that rows will carry, in order.
    #[must_use]
    pub fn columns(&self) -> &[HelloColumn] {
        &self.columns
    }

    /// The dearest of the columns.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }
}

/// A query that the tables can't answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No such table.
    #[error("unknown table '{table}'; use one of: {}", known.join(", "))]
    UnknownTable {
        /// The name asked for.
        table: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// No such column.
    #[error("table '{table}' has no column '{column}'; use some of: {}", known.join(", "))]
    UnknownColumn {
        /// The table.
        table: &'static str,
        /// The name asked for.
        column: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// A column asked for twice.
    #[error("column '{column}' of table '{table}' is asked for twice; name each column once")]
    RepeatedColumn {
        /// The table.
        table: &'static str,
        /// The name.
        column: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(table: &str, columns: &[&str]) -> Result<Plan, PlanError> {
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        Plan::new(table, &columns)
    }

    #[test]
    fn a_query_costs_what_its_dearest_column_costs() {
        let cost = |table, columns: &[&str]| plan(table, columns).unwrap().cost();
        assert_eq!(cost("fetches", &[]), Cost::None);
        assert_eq!(cost("fetches", &["worker_version"]), Cost::None);
        assert_eq!(
            cost("fetches", &["http_status", "worker_version"]),
            Cost::Head
        );
        assert_eq!(cost("fetches", &["sha256", "final_url"]), Cost::Body);
        assert_eq!(cost("fetches", &["status"]), Cost::Entries);
        assert_eq!(cost("entries", &[]), Cost::Entries);
        assert_eq!(cost("entries", &["path", "sha256"]), Cost::Content);
    }

    #[test]
    fn columns_keep_the_order_asked_for() {
        let plan = plan("entries", &["size", "path"]).unwrap();
        let columns: Vec<_> = plan
            .columns()
            .iter()
            .map(|column| (column.name.as_str(), column.r#type.as_str()))
            .collect();
        assert_eq!(columns, [("size", "bigint"), ("path", "string")]);
    }

    #[test]
    fn an_error_names_the_value_and_the_remedy() {
        let message = plan("files", &[]).unwrap_err().to_string();
        assert_eq!(
            message,
            "unknown table 'files'; use one of: fetches, entries"
        );
        let message = plan("entries", &["url"]).unwrap_err().to_string();
        assert!(
            message.starts_with(
                "table 'entries' has no column 'url'; use some of: entry_index, path,"
            )
        );
        let message = plan("fetches", &["sha256", "sha256"])
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("'sha256'") && message.contains("twice"),
            "{message}"
        );
    }

    #[test]
    fn column_names_are_unique_in_each_table() {
        for table in tables() {
            let names: std::collections::BTreeSet<_> =
                table.columns.iter().map(|column| &column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
    }
}
