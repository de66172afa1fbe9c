//! How a table is declared: its columns with types and costs. The description, the depth and the rows come from it.

use rustpipe_protocol::{Column, HelloColumn, Table, TableRows};

use crate::plan::PlanError;
use crate::source::Source;

/// What has to be done to fill a column. Each one includes those before it; the option `depth` says which one is the
/// deepest that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// Nothing: no request.
    None,
    /// The response's head.
    Head,
    /// The whole body.
    Body,
    /// A walk over the archive's entries.
    Entries,
    /// The content of the entries.
    Content,
}

impl Cost {
    /// Those that the option `depth` can say.
    pub const DEPTHS: [Self; 4] = [Self::Head, Self::Body, Self::Entries, Self::Content];

    /// The word in the description and in the option `depth`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Head => "head",
            Self::Body => "body",
            Self::Entries => "entries",
            Self::Content => "content",
        }
    }
}

/// A table whose columns are the fields `F`.
pub(crate) struct TableSpec<F: 'static> {
    pub(crate) name: &'static str,
    pub(crate) comment: &'static str,
    pub(crate) rows_per_input: TableRows,
    /// What a row costs before any column is chosen.
    pub(crate) base_cost: Cost,
    pub(crate) columns: &'static [ColumnSpec<F>],
}

/// One column.
pub(crate) struct ColumnSpec<F> {
    pub(crate) field: F,
    pub(crate) name: &'static str,
    pub(crate) spark_type: &'static str,
    pub(crate) nullable: bool,
    pub(crate) cost: Cost,
    /// Whether it tells of what was done, however little that was.
    pub(crate) is_account: bool,
    pub(crate) comment: &'static str,
}

impl<F: Copy> ColumnSpec<F> {
    pub(crate) const fn new(
        field: F,
        name: &'static str,
        spark_type: &'static str,
        cost: Cost,
    ) -> Self {
        Self {
            field,
            name,
            spark_type,
            nullable: false,
            cost,
            is_account: false,
            comment: "",
        }
    }

    pub(crate) const fn comment(self, comment: &'static str) -> Self {
        Self { comment, ..self }
    }

    pub(crate) const fn nullable(self) -> Self {
        Self {
            nullable: true,
            ..self
        }
    }

    /// Tells of the work itself, so a lesser depth doesn't make it null.
    pub(crate) const fn account(self) -> Self {
        Self {
            is_account: true,
            ..self
        }
    }
}

/// The columns that a query chose.
pub(crate) struct Selection<F> {
    /// None for a column that is null because it needs more than is allowed.
    pub(crate) fields: Vec<Option<F>>,
    pub(crate) columns: Vec<HelloColumn>,
    pub(crate) cost: Cost,
}

impl<F: Copy> TableSpec<F> {
    /// The table as the description shows it.
    pub(crate) fn describe(&self) -> Table {
        let column = |column: &ColumnSpec<F>| Column {
            name: column.name.to_owned(),
            r#type: column.spark_type.to_owned(),
            nullable: column.nullable,
            comment: column.comment.to_owned(),
            cost: column.cost.as_str().to_owned(),
        };
        Table {
            name: self.name.to_owned(),
            comment: self.comment.to_owned(),
            rows_per_input: self.rows_per_input,
            input: Some(Source::describe()),
            columns: self.columns.iter().map(column).collect(),
        }
    }

    /// The columns with these names, in their order, filled as far as `depth` allows.
    pub(crate) fn select(&self, names: &[String], depth: Cost) -> Result<Selection<F>, PlanError> {
        if self.base_cost > depth {
            return Err(PlanError::TooShallow {
                table: self.name,
                needs: self.base_cost.as_str(),
                depth: depth.as_str(),
            });
        }
        let mut fields = Vec::with_capacity(names.len());
        let mut columns = Vec::with_capacity(names.len());
        let mut cost = self.base_cost;
        for (at, name) in names.iter().enumerate() {
            let Some(spec) = self.columns.iter().find(|spec| spec.name == name) else {
                return Err(PlanError::UnknownColumn {
                    table: self.name,
                    column: name.clone(),
                    known: self.columns.iter().map(|spec| spec.name).collect(),
                });
            };
            if names[..at].contains(name) {
                return Err(PlanError::RepeatedColumn {
                    table: self.name,
                    column: name.clone(),
                });
            }
            let is_filled = spec.cost <= depth || spec.is_account;
            fields.push(is_filled.then_some(spec.field));
            columns.push(HelloColumn {
                name: name.clone(),
                r#type: spec.spark_type.to_owned(),
            });
            if is_filled {
                cost = cost.max(spec.cost.min(depth));
            }
        }
        Ok(Selection {
            fields,
            columns,
            cost,
        })
    }
}
