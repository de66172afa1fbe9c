//! The documentation of the oddities has every word, in order.

use rustpipe_archive::Anomaly;

#[test]
fn every_anomaly_is_in_tables_md() {
    let page = include_str!("../../../../docs/tables.md");
    let (_, section) = page.split_once("## Anomalies").expect("a section");
    let (section, _) = section.split_once("\n## ").expect("a section behind it");
    let words = section.lines().filter_map(|line| {
        let (word, _) = line.strip_prefix("| `")?.split_once("` |")?;
        Some(word)
    });
    assert!(words.eq(Anomaly::ALL.map(Anomaly::as_str)));
}
