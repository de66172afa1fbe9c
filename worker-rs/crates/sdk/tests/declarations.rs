//! What a worker declares wrongly ends it before it could end a query.

use rustpipe::{Context, Failure, Record, Worker};

#[derive(Record)]
struct Text {
    text: String,
}

async fn same(text: Text, _: Context) -> Result<Text, Failure> {
    Ok(text)
}

#[test]
#[should_panic(
    expected = "the default of option 'depth' is 'x', which is no u32: invalid digit found in string"
)]
fn a_default_is_of_the_options_type() {
    let _ = Worker::new("a", "1").option::<u32>("depth", "x", "");
}

#[test]
#[should_panic(expected = "there is an option 'Concurrency' already")]
fn an_option_has_a_name_of_its_own() {
    let _ = Worker::new("a", "1").option::<u32>("Concurrency", "1", "");
}

#[test]
#[should_panic(expected = "there is a table 'same' already")]
fn a_table_has_a_name_of_its_own() {
    let _ = Worker::new("a", "1")
        .one("same", "", same)
        .one("same", "", same);
}
