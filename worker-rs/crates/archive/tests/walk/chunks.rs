//! The way in which the bytes come changes nothing.

use rustpipe_archive::{
    Anomalies, ArchiveError, Entry, Limits, Visitor, Walker, Wanted, WholeWalker,
};

use crate::fixtures;
use crate::recording::{assert_same, walk, walk_in_chunks, walk_whole};

#[test]
fn any_chunks_and_the_whole_body_tell_the_same() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut whole_walker = WholeWalker::new();
    for (name, body) in fixtures::all() {
        let limits = Limits::default();
        let expected = walk(&body);
        assert_same(
            &walk_whole(&mut whole_walker, &body, limits),
            &expected,
            name,
        );
        for largest in [2, 7, 100, 511, 513, 5000] {
            let recording = walk_in_chunks(&body, limits, || random.usize(1..=largest));
            let what = format!("{name} in chunks of up to {largest} bytes");
            assert_same(&recording, &expected, &what);
        }
    }
}

#[test]
fn empty_chunks_change_nothing() {
    let body = fixtures::varied_tar();
    let mut size = 0;
    let recording = walk_in_chunks(&body, Limits::default(), || {
        size = 100 - size;
        size
    });
    assert_eq!(recording, walk(&body));
}

#[test]
fn content_that_nobody_wants_is_not_shown() {
    struct NamesOnly(Vec<String>);
    impl Visitor for NamesOnly {
        fn entry(&mut self, entry: Entry) {
            self.0.push(entry.path);
        }
        fn data(&mut self, _: usize, _: &[u8]) {
            panic!("nobody asked for it");
        }
        fn end(&mut self, _: usize, _: Anomalies) {}
        fn nested_failed(&mut self, _: &[String], _: &ArchiveError) {}
        fn wants_data(&self, _: usize) -> bool {
            false
        }
    }
    let body = fixtures::varied_tar();
    let mut names = NamesOnly(Vec::new());
    let mut walker = Walker::new(Limits::default(), Wanted::default());
    walker
        .push(&body, &mut names)
        .and_then(|()| walker.finish(&mut names))
        .expect("a sound archive");
    assert_eq!(names.0, walk(&body).paths());
}

#[test]
fn content_is_shown_where_it_lies() {
    struct Borrowed<'a>(std::ops::Range<*const u8>, &'a mut usize);
    impl Visitor for Borrowed<'_> {
        fn entry(&mut self, _: Entry) {}
        fn data(&mut self, _: usize, bytes: &[u8]) {
            let Range { start, end } = bytes.as_ptr_range();
            assert!(
                self.0.start <= start && end <= self.0.end,
                "a copy was shown"
            );
            *self.1 += bytes.len();
        }
        fn end(&mut self, _: usize, _: Anomalies) {}
        fn nested_failed(&mut self, _: &[String], _: &ArchiveError) {}
    }
    use std::ops::Range;
    let body = fixtures::varied_tar();
    let mut shown = 0;
    let mut visitor = Borrowed(body.as_ptr_range(), &mut shown);
    WholeWalker::new()
        .walk(&body, &Limits::default(), Wanted::default(), &mut visitor)
        .1
        .expect("a sound archive");
    assert_eq!(shown, 800 + 7 + 1024);
}

#[test]
fn walkers_may_move_between_threads() {
    fn moves<T: Send>(_: &T) {}
    moves(&Walker::new(Limits::default(), Wanted::default()));
    moves(&WholeWalker::new());
}
