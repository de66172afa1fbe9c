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
    Fetches(Arc<[Option<FetchField>]>),
    Entries(Arc<[Option<EntryField>]>),
}

impl Plan {
    /// The plan for these columns of this table, in which nothing deeper than `depth` is done.
    ///
    /// # Errors
    /// When there is no such table or column, a column is asked for twice, or the table has no rows at that depth.
    pub fn new(table: &str, columns: &[String], depth: Cost) -> Result<Self, PlanError> {
        if table == fetches::TABLE.name {
            let selection = fetches::TABLE.select(columns, depth)?;
            let rows = Rows::Fetches(selection.fields.into());
            Ok(Self {
                rows,
                columns: selection.columns,
                cost: selection.cost,
            })
        } else if table == entries::TABLE.name {
            let selection = entries::TABLE.select(columns, depth)?;
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

    /// Whether a column of `fetches` is to be filled.
    pub(crate) fn fills(&self, field: FetchField) -> bool {
        matches!(&self.rows, Rows::Fetches(fields) if fields.contains(&Some(field)))
    }

    /// Whether rows tell how an input has ended, so that a body must be the one that the manifest expects.
    pub(crate) fn checks_integrity(&self) -> bool {
        match &self.rows {
            Rows::Fetches(_) => {
                let told = [
                    FetchField::Status,
                    FetchField::ErrorCode,
                    FetchField::ErrorMessage,
                    FetchField::Errors,
                    FetchField::IntegrityOk,
                ];
                self.cost >= Cost::Body && told.into_iter().any(|field| self.fills(field))
            }
            Rows::Entries(_) => true,
        }
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
    /// A table whose rows need more than is allowed.
    #[error(
        "table '{table}' needs the depth '{needs}', but the option depth is '{depth}'; leave the option out, or read the table fetches"
    )]
    TooShallow {
        /// The table.
        table: &'static str,
        /// What its rows need.
        needs: &'static str,
        /// What is allowed.
        depth: &'static str,
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
        plan_to(Cost::Content, table, columns)
    }

    fn plan_to(depth: Cost, table: &str, columns: &[&str]) -> Result<Plan, PlanError> {
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        Plan::new(table, &columns, depth)
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
        assert_eq!(cost("entries", &["path", "archive_sha256"]), Cost::Entries);
    }

    #[test]
    fn a_lesser_depth_bounds_the_cost_and_pays_for_no_column_that_it_makes_null() {
        let cost = |depth, columns: &[&str]| plan_to(depth, "fetches", columns).unwrap().cost();
        assert_eq!(cost(Cost::Head, &["status", "sha256"]), Cost::Head);
        assert_eq!(cost(Cost::Head, &["sha256", "entry_count"]), Cost::None);
        assert_eq!(cost(Cost::Body, &["status"]), Cost::Body);
        assert_eq!(cost(Cost::Body, &["http_status", "anomalies"]), Cost::Head);
        assert_eq!(cost(Cost::Content, &["http_status"]), Cost::Head);
    }

    #[test]
    fn entries_have_no_rows_at_a_depth_that_reads_no_archive() {
        for depth in [Cost::Head, Cost::Body] {
            let message = plan_to(depth, "entries", &["path"])
                .unwrap_err()
                .to_string();
            let depth = format!("'{}'", depth.as_str());
            for part in ["'entries'", depth.as_str(), "fetches"] {
                assert!(message.contains(part), "{message}");
            }
        }
        assert!(plan_to(Cost::Entries, "entries", &["path"]).is_ok());
    }

    #[test]
    fn a_column_that_a_depth_takes_away_can_be_null() {
        for table in tables() {
            for column in &table.columns {
                for depth in Cost::DEPTHS {
                    let Ok(plan) = plan_to(depth, &table.name, &[&column.name]) else {
                        continue;
                    };
                    let is_filled = match plan.rows {
                        Rows::Fetches(fields) => fields[0].is_some(),
                        Rows::Entries(fields) => fields[0].is_some(),
                    };
                    assert!(is_filled || column.nullable, "{} {depth:?}", column.name);
                }
            }
        }
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
