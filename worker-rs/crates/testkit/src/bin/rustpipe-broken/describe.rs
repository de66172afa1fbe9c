//! The description.

use std::io;

use serde_json::{Value, json};

use crate::fault::Fault;

/// Names and types of the columns of `words`.
pub(crate) const COLUMNS: [(&str, &str); 3] = [
    ("word", "string"),
    ("length", "bigint"),
    ("before", "string"),
];

/// Prints it.
pub(crate) fn print(fault: Fault) -> io::Result<()> {
    if fault == Fault::ReadsStdinToDescribe {
        io::read_to_string(io::stdin())?;
    }
    println!("{}", description(fault));
    Ok(())
}

fn description(fault: Fault) -> Value {
    let column = |(name, r#type): (&str, &str)| {
        let nullable = name == "before";
        json!({"name": name, "type": r#type, "nullable": nullable, "comment": "", "cost": "none"})
    };
    let mut columns: Vec<_> = COLUMNS.map(column).into();
    if fault == Fault::DescribesAColumnTwice {
        columns.push(column(COLUMNS[0]));
    }
    let text = if fault == Fault::DescribesAnUnknownType {
        "text"
    } else {
        "string"
    };
    let version = if fault == Fault::DescribesVersionTwo {
        2
    } else {
        1
    };
    let rows = if fault == Fault::SendsTwoRowsForOne {
        "one"
    } else {
        "many"
    };
    let mut description = json!({
        "name": "rustpipe-broken",
        "version": "1",
        "protocol": [version],
        "platform": "any",
        "tables": [{
            "name": "words",
            "comment": "The words of a text",
            "rows_per_input": rows,
            "input": [{"name": "text", "type": text, "nullable": false, "comment": "The text"}],
            "columns": columns,
        }],
        "filters": [],
        "options": [],
        "limits": {"line_in_bytes": 1 << 20, "line_out_bytes": 16 << 20},
    });
    if fault == Fault::DescribesNoFilters
        && let Some(fields) = description.as_object_mut()
    {
        fields.remove("filters");
    }
    description
}
