//! Records as columns: their types, and their values on the way out and in.

use std::collections::{BTreeMap, HashMap};

use rustpipe::{Binary, Date, Decimal, Field, Record, RowsWriter, Timestamp};
use serde_json::{Value as Json, json};

/// One of everything.
#[derive(Clone, Debug, PartialEq, Record)]
struct Everything {
    /// A text,
    /// in two lines
    text: String,
    flag: bool,
    tiny: i8,
    small: i16,
    medium: i32,
    large: i64,
    single: f32,
    double: f64,
    price: Decimal<38, 2>,
    time: Timestamp,
    day: Date,
    bytes: Binary,
    list: Vec<Option<String>>,
    tree: BTreeMap<i32, Vec<f64>>,
    part: Part,
    #[record(name = "nothing here")]
    nothing: Option<Part>,
    r#type: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Record)]
struct Part {
    name: String,
    weight: Option<f32>,
}

fn everything() -> Everything {
    Everything {
        text: "a \"b\" \u{1F600}\n".to_owned(),
        flag: true,
        tiny: i8::MIN,
        small: i16::MAX,
        medium: i32::MIN,
        large: i64::MAX,
        single: 0.1,
        double: f64::MIN_POSITIVE,
        price: "-123456789012345678901234567890123456.78".parse().unwrap(),
        time: Timestamp(i64::MIN),
        day: Date(-719_162),
        bytes: Binary(vec![0, 255, 10]),
        list: vec![Some(String::new()), None],
        tree: BTreeMap::from([(2, vec![f64::INFINITY, -0.0]), (-1, vec![])]),
        part: Part {
            name: "p".to_owned(),
            weight: Some(f32::NEG_INFINITY),
        },
        nothing: None,
        r#type: Some(0),
    }
}

/// The values of a record as a row carries them.
fn row(record: &impl Record, fields: usize) -> Vec<Json> {
    let mut writer = RowsWriter::new(1, 0);
    writer.begin_row();
    for field in 0..fields {
        Record::write(record, field, &mut writer);
    }
    writer.end_row();
    let frame: Json = serde_json::from_slice(&writer.finish(None)).unwrap();
    frame["rows"][0].as_array().unwrap().clone()
}

/// What the connector would send of such a row: structs are objects there.
fn input(values: Vec<Json>) -> serde_json::Map<String, Json> {
    let names = Everything::fields()
        .into_iter()
        .map(|it| it.name.to_owned());
    let mut input: serde_json::Map<_, _> = names.zip(values).collect();
    let part = input["part"].clone();
    input["part"] = json!({"name": part[0], "weight": part[1], "more": "is ignored"});
    input
}

#[test]
fn fields_are_columns_with_types_names_and_comments() {
    let fields = Everything::fields();
    let types: Vec<_> = fields.iter().map(|it| it.r#type.as_str()).collect();
    assert_eq!(
        types,
        [
            "string",
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "bigint",
            "float",
            "double",
            "decimal(38,2)",
            "timestamp",
            "date",
            "binary",
            "array<string>",
            "map<int,array<double>>",
            "struct<name:string,weight:float>",
            "struct<name:string,weight:float>",
            "bigint",
        ]
    );
    assert_eq!(
        fields[0],
        Field {
            name: "text",
            r#type: "string".to_owned(),
            nullable: false,
            comment: "A text, in two lines"
        }
    );
    assert_eq!(
        (fields[15].name, fields[15].nullable),
        ("nothing here", true)
    );
    assert_eq!(fields[16].name, "type");
}

#[test]
fn a_record_that_goes_out_and_in_is_the_same() {
    let values = row(&everything(), 17);
    assert_eq!(Everything::read(input(values)), Ok(everything()));
}

#[test]
fn values_are_written_as_the_protocol_says() {
    let values = row(&everything(), 17);
    assert_eq!(values[6].to_string(), "0.1");
    assert_eq!(values[8], json!("-123456789012345678901234567890123456.78"));
    assert_eq!(values[11], json!("AP8K"));
    assert_eq!(values[13].to_string(), r#"[[-1,[]],[2,["Infinity",-0.0]]]"#);
    assert_eq!(values[14], json!(["p", "-Infinity"]));
    assert_eq!(values[15], Json::Null);
}

#[test]
fn what_is_missing_is_null_or_an_error_that_names_it() {
    let mut fields = input(row(&everything(), 17));
    fields.remove("type");
    assert_eq!(Everything::read(fields.clone()).unwrap().r#type, None);
    fields.remove("large");
    let error = Everything::read(fields).unwrap_err().to_string();
    assert_eq!(
        error,
        "field 'large' of the input must be bigint, but it is missing"
    );
}

#[test]
fn what_does_not_fit_is_an_error_that_names_place_type_and_value() {
    for (field, value, expected) in [
        (
            "text",
            json!(1),
            "field 'text' of the input must be string, but it is 1",
        ),
        (
            "text",
            Json::Null,
            "field 'text' of the input must be string, but it is null",
        ),
        (
            "tiny",
            json!(128),
            "field 'tiny' of the input must be tinyint, but it is 128",
        ),
        (
            "large",
            json!(1.5),
            "field 'large' of the input must be bigint, but it is 1.5",
        ),
        (
            "large",
            json!(u64::MAX),
            "field 'large' of the input must be bigint, but it is 18446744073709551615",
        ),
        (
            "double",
            json!("x"),
            "field 'double' of the input must be double, but it is \"x\"",
        ),
        (
            "price",
            json!("0.001"),
            "field 'price' of the input must be decimal(38,2), but it is \"0.001\"",
        ),
        (
            "bytes",
            json!("A"),
            "field 'bytes' of the input must be binary as base64, but it is \"A\"",
        ),
        (
            "list",
            json!([1]),
            "field 'list.element' of the input must be string, but it is 1",
        ),
        (
            "tree",
            json!([["a", []]]),
            "field 'tree.key' of the input must be int, but it is \"a\"",
        ),
        (
            "tree",
            json!({"1": []}),
            "field 'tree' of the input must be map<int,array<double>>, but it is {\"1\":[]}",
        ),
        (
            "part",
            json!({"name": 7}),
            "field 'part.name' of the input must be string, but it is 7",
        ),
    ] {
        let mut fields = input(row(&everything(), 17));
        fields[field] = value;
        assert_eq!(Everything::read(fields).unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_value_that_is_shown_is_cut() {
    let mut fields = input(row(&everything(), 17));
    fields["day"] = json!("\u{1F600}".repeat(1000));
    let error = Everything::read(fields).unwrap_err().to_string();
    assert!(
        error.ends_with("\u{1F600}...") && error.chars().count() < 300,
        "{error}"
    );
}

#[test]
fn a_map_of_any_order_is_read() {
    #[derive(Debug, PartialEq, Record)]
    struct Holder {
        map: HashMap<String, i64>,
    }
    let fields = json!({"map": [["a", 1], ["b", 2]]});
    let holder = Holder::read(fields.as_object().unwrap().clone()).unwrap();
    assert_eq!(
        holder.map,
        HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)])
    );
}

#[test]
fn a_name_within_a_type_is_quoted_where_spark_needs_it() {
    #[derive(Record)]
    struct Odd {
        plain_1: i64,
        größe: i64,
        #[record(name = "a `b` c")]
        blanks: i64,
        #[record(name = "1st")]
        first: i64,
    }
    assert_eq!(
        <Odd as rustpipe::Value>::type_name(),
        "struct<plain_1:bigint,`größe`:bigint,`a ``b`` c`:bigint,`1st`:bigint>"
    );
}
