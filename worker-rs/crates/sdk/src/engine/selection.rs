//! The part of the tables that a conversation is about.

use rustpipe_protocol::{HelloColumn, Open, Table};

use crate::engine::service::Refusal;

/// A table and the columns wanted of it.
#[derive(Debug)]
pub struct Selection<'a> {
    /// The table.
    pub table: &'a Table,
    /// Where in the table the columns are, in the order asked for.
    pub places: Vec<usize>,
    /// The columns as `hello` names them.
    pub columns: Vec<HelloColumn>,
}

impl<'a> Selection<'a> {
    /// Finds what `open` asks for.
    ///
    /// # Errors
    /// When there is no such table or column; lists those that there are.
    pub fn of(tables: &'a [Table], open: &Open) -> Result<Self, Refusal> {
        let table = tables.iter().find(|table| table.name == open.table);
        let table = table.ok_or_else(|| {
            missing(
                "table",
                &open.table,
                tables.iter().map(|it| it.name.as_str()),
            )
        })?;
        let place = |name: &String| {
            let found = table.columns.iter().position(|it| it.name == *name);
            found.ok_or_else(|| {
                missing(
                    "column",
                    name,
                    table.columns.iter().map(|it| it.name.as_str()),
                )
            })
        };
        let places = open
            .columns
            .iter()
            .map(place)
            .collect::<Result<Vec<_>, _>>()?;
        let columns = places.iter().map(|&place| &table.columns[place]);
        let columns = columns.map(|column| HelloColumn {
            name: column.name.clone(),
            r#type: unquoted(&column.r#type),
        });
        Ok(Self {
            table,
            columns: columns.collect(),
            places,
        })
    }
}

/// A type as `hello` names it, which is how Spark shows it to the connector's plan: without the backticks that it needs
/// to be read.
fn unquoted(r#type: &str) -> String {
    // A name's own backtick is written as two of them.
    let parts = r#type.split("``").map(|part| part.replace('`', ""));
    parts.collect::<Vec<_>>().join("`")
}

fn missing<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Refusal {
    let known = known.collect::<Vec<_>>().join(", ");
    Refusal::Asked(format!("no {what} '{name}'; use one of: {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hello_names_a_type_as_the_plan_does() {
        for (described, planned) in [
            ("bigint", "bigint"),
            ("struct<a:int,`an a`:int>", "struct<a:int,an a:int>"),
            ("array<struct<`a``b`:int>>", "array<struct<a`b:int>>"),
        ] {
            assert_eq!(unquoted(described), planned);
        }
    }
}
