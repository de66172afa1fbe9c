//! What is done with a body's bytes: digest and walk, whole or in pieces. Runs in the pool; knows no network.

use std::cell::RefCell;
use std::sync::Arc;

use rustpipe_archive::{
    Anomalies, ArchiveError, Entry, Limits, Summary, Visitor, Walker, Wanted, WholeWalker,
};
use sha2::{Digest, Sha256};

use crate::entries::{EntryField, EntryRows};
use crate::fetches::FetchField;
use crate::frames::{Frames, Outlet};
use crate::hex::{HEX_LENGTH, hex};
use crate::plan::{Plan, Rows};
use crate::table::Cost;

thread_local! {
    /// One walker for each thread of the pool, for its buffers. Taken out while in use, so that a panic drops it.
    static WHOLE_WALKER: RefCell<Option<WholeWalker>> = const { RefCell::new(None) };
}

/// What a plan does with bodies.
#[derive(Clone)]
pub(crate) struct Recipe {
    digest: bool,
    walk: Walk,
    limits: Limits,
}

/// What a plan wants of an archive.
#[derive(Clone)]
enum Walk {
    /// Nothing.
    None,
    /// The summary.
    Summary,
    /// The summary, and a row for each entry.
    Rows(Arc<[EntryField]>),
}

/// What is known of a body.
#[derive(Default)]
pub(crate) struct Findings {
    /// Of the whole body.
    pub(crate) sha256: Option<[u8; HEX_LENGTH]>,
    /// What was read whole.
    pub(crate) summary: Option<Summary>,
    /// Why it could not be read to its end.
    pub(crate) error: Option<ArchiveError>,
    /// The rows that have not left yet.
    pub(crate) rows: Option<Frames>,
}

impl Recipe {
    pub(crate) fn new(plan: &Plan, limits: Limits) -> Self {
        match &plan.rows {
            Rows::Fetches(fields) => Self {
                digest: fields.contains(&FetchField::Sha256),
                walk: if plan.cost() >= Cost::Entries {
                    Walk::Summary
                } else {
                    Walk::None
                },
                limits,
            },
            Rows::Entries(fields) => Self {
                digest: false,
                walk: Walk::Rows(Arc::clone(fields)),
                limits,
            },
        }
    }

    /// Whether the body's bytes matter at all.
    pub(crate) fn needs_bytes(&self) -> bool {
        self.digest || !matches!(self.walk, Walk::None)
    }

    /// Whether the part of a body whose rest never comes gives rows.
    pub(crate) fn reads_parts(&self) -> bool {
        matches!(self.walk, Walk::Rows(_))
    }

    /// Reads a body that is in hand.
    pub(crate) fn whole(&self, body: &[u8], outlet: Outlet) -> Findings {
        let sha256 = self.digest.then(|| hex(&Sha256::digest(body)));
        let Some(mut sink) = self.sink(outlet) else {
            return Findings {
                sha256,
                ..Findings::default()
            };
        };
        let mut walker = WHOLE_WALKER.take().unwrap_or_default();
        let (summary, result) = walker.walk(body, &self.limits, Wanted::default(), &mut sink);
        WHOLE_WALKER.set(Some(walker));
        Findings {
            sha256,
            summary: Some(summary),
            error: result.err(),
            rows: sink.into_frames(),
        }
    }

    /// Where entries go, if there is a walk.
    fn sink(&self, outlet: Outlet) -> Option<Sink> {
        match &self.walk {
            Walk::None => None,
            Walk::Summary => Some(Sink(None)),
            Walk::Rows(fields) => Some(Sink(Some(EntryRows::new(
                Arc::clone(fields),
                Frames::new(outlet),
            )))),
        }
    }
}

/// Reads a body in pieces.
pub(crate) struct Pipeline {
    digest: Option<Sha256>,
    walk: Option<Progress>,
}

/// A walk on its way.
struct Progress {
    walker: Walker,
    sink: Sink,
    result: Result<(), ArchiveError>,
}

impl Pipeline {
    pub(crate) fn new(recipe: &Recipe, outlet: Outlet) -> Self {
        let walk = recipe.sink(outlet).map(|sink| Progress {
            walker: Walker::new(recipe.limits, Wanted::default()),
            sink,
            result: Ok(()),
        });
        Self {
            digest: recipe.digest.then(Sha256::new),
            walk,
        }
    }

    /// Takes the next bytes of the body.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
        if let Some(Progress {
            walker,
            sink,
            result: result @ Ok(()),
        }) = &mut self.walk
        {
            *result = walker.push(bytes, sink);
        }
    }

    /// Whether nothing that is still to come can change a row: the archive is broken, and its rows are all there is.
    pub(crate) fn is_over(&self) -> bool {
        self.walk
            .as_ref()
            .is_some_and(|walk| walk.result.is_err() && walk.sink.0.is_some())
    }

    /// The body has ended.
    pub(crate) fn finish(mut self) -> Findings {
        if let Some(Progress {
            walker,
            sink,
            result: result @ Ok(()),
        }) = &mut self.walk
        {
            *result = walker.finish(sink);
        }
        let sha256 = self.digest.take().map(|digest| hex(&digest.finalize()));
        Findings {
            sha256,
            ..self.part()
        }
    }

    /// The rest of the body never comes.
    pub(crate) fn part(self) -> Findings {
        self.walk.map_or_else(
            Findings::default,
            |Progress {
                 walker,
                 sink,
                 result,
             }| Findings {
                sha256: None,
                summary: Some(walker.summary()),
                error: result.err(),
                rows: sink.into_frames(),
            },
        )
    }
}

/// Where entries go: into rows, or nowhere.
struct Sink(Option<EntryRows>);

impl Sink {
    fn into_frames(self) -> Option<Frames> {
        self.0.map(EntryRows::into_frames)
    }
}

impl Visitor for Sink {
    fn entry(&mut self, entry: Entry) {
        if let Some(rows) = &mut self.0 {
            rows.entry(entry);
        }
    }

    fn data(&mut self, depth: usize, bytes: &[u8]) {
        if let Some(rows) = &mut self.0 {
            rows.data(depth, bytes);
        }
    }

    fn end(&mut self, depth: usize, anomalies: Anomalies) {
        if let Some(rows) = &mut self.0 {
            rows.end(depth, anomalies);
        }
    }

    fn wants_data(&self, depth: usize) -> bool {
        self.0.as_ref().is_some_and(|rows| rows.wants_data(depth))
    }

    fn nested_failed(&mut self, path: &[String], error: &ArchiveError) {
        if let Some(rows) = &mut self.0 {
            rows.nested_failed(path, error);
        }
    }
}
