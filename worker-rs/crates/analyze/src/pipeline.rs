//! What is done with a body's bytes: digests and walk, whole or in pieces. Runs in the pool; knows no network.

use std::cell::RefCell;
use std::sync::Arc;

use rustpipe_archive::{ArchiveError, Limits, Summary, Walker, Wanted, WholeWalker};

use crate::digests::{Digests, Hashers};
use crate::entries::EntryField;
use crate::fetches::FetchField;
use crate::frames::{Frames, Outlet, Overflow};
use crate::integrity::{Algorithm, Expected};
use crate::nested::NestedFailures;
use crate::plan::{Plan, Rows};
use crate::resume::{Changed, Prefix, Reached};
use crate::rows::{EntryRows, Sink, Written};
use crate::table::Cost;

thread_local! {
    /// One walker for each thread of the pool, for its buffers. Taken out while in use, so that a panic drops it.
    static WHOLE_WALKER: RefCell<Option<WholeWalker>> = const { RefCell::new(None) };
}

/// What a plan does with bodies.
pub(crate) struct Recipe {
    digests: Vec<Algorithm>,
    checks_integrity: bool,
    walk: Walk,
    limits: Limits,
    wanted: Wanted,
}

/// What a plan wants of an archive.
enum Walk {
    /// Nothing.
    None,
    /// The summary.
    Summary,
    /// The summary, and a row for each entry.
    Rows {
        fields: Arc<[Option<EntryField>]>,
        has_archive_sha256: bool,
        has_content: bool,
    },
}

/// What is known of a body.
#[derive(Default)]
pub(crate) struct Findings {
    /// Of the whole body.
    pub(crate) digests: Digests,
    /// What was read whole.
    pub(crate) summary: Option<Summary>,
    /// Why it could not be read to its end.
    pub(crate) error: Option<ArchiveError>,
    /// The archives in it that could not.
    pub(crate) nested: NestedFailures,
    /// The rows that have not left yet.
    pub(crate) rows: Option<Frames>,
    /// Why there are no more rows.
    pub(crate) overflow: Option<Overflow>,
    /// Why none can follow those that have left.
    pub(crate) changed: Option<Changed>,
    /// Bytes that digests were made of, once for each digest.
    pub(crate) hashed_bytes: u64,
}

impl Recipe {
    pub(crate) fn new(plan: &Plan, limits: Limits) -> Self {
        let mut digests = Vec::new();
        let (walk, wanted) = match &plan.rows {
            Rows::Fetches(_) => {
                let columns = [
                    (FetchField::Sha1, Algorithm::Sha1),
                    (FetchField::Sha256, Algorithm::Sha256),
                    (FetchField::Sha512, Algorithm::Sha512),
                ];
                let wanted = columns.into_iter().filter(|(field, _)| plan.fills(*field));
                digests.extend(wanted.map(|(_, algorithm)| algorithm));
                let walk = if plan.cost() >= Cost::Entries {
                    Walk::Summary
                } else {
                    Walk::None
                };
                let wanted = Wanted {
                    pax: false,
                    // An archive in the archive that is too deep shows as an anomaly only.
                    anomalies: plan.fills(FetchField::Anomalies)
                        || plan.fills(FetchField::LimitsHit),
                    root_dirs: plan.fills(FetchField::RootDirs),
                };
                (walk, wanted)
            }
            Rows::Entries(fields) => {
                let has = |field| fields.contains(&Some(field));
                let has_archive_sha256 = has(EntryField::ArchiveSha256);
                if has_archive_sha256 {
                    digests.push(Algorithm::Sha256);
                }
                let walk = Walk::Rows {
                    fields: Arc::clone(fields),
                    has_archive_sha256,
                    has_content: has(EntryField::Content),
                };
                let wanted = Wanted {
                    pax: has(EntryField::Pax),
                    anomalies: has(EntryField::Anomalies),
                    root_dirs: false,
                };
                (walk, wanted)
            }
        };
        Self {
            digests,
            checks_integrity: plan.checks_integrity(),
            walk,
            limits,
            wanted,
        }
    }
}

/// A recipe for one input.
#[derive(Clone)]
pub(crate) struct Work {
    recipe: Arc<Recipe>,
    /// The algorithm of the digest that is checked.
    checked: Option<Algorithm>,
    outlet: Outlet,
}

impl Work {
    pub(crate) fn new(recipe: &Arc<Recipe>, expected: Option<&Expected>, outlet: Outlet) -> Self {
        Self {
            recipe: Arc::clone(recipe),
            checked: expected
                .filter(|_| recipe.checks_integrity)
                .map(|expected| expected.algorithm),
            outlet,
        }
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    /// Whether the body's bytes matter at all.
    pub(crate) fn needs_bytes(&self) -> bool {
        self.has_digests() || !matches!(self.recipe.walk, Walk::None)
    }

    /// Whether the part of a body whose rest never comes gives rows.
    pub(crate) fn reads_parts(&self) -> bool {
        matches!(self.recipe.walk, Walk::Rows { .. })
    }

    /// Whether a large body makes it hold much.
    pub(crate) fn is_holding(&self) -> bool {
        matches!(
            self.recipe.walk,
            Walk::Rows {
                has_archive_sha256: true,
                ..
            } | Walk::Rows {
                has_content: true,
                ..
            }
        )
    }

    fn has_digests(&self) -> bool {
        !self.recipe.digests.is_empty() || self.checked.is_some()
    }

    fn hashers(&self) -> Hashers {
        Hashers::new(self.recipe.digests.iter().copied().chain(self.checked))
    }

    /// Reads a body that is in hand.
    pub(crate) fn whole(&self, body: Vec<u8>) -> Findings {
        let expected = self.outlet.resume();
        if let Some(Err(changed)) = expected.map(|resume| resume.check(&body)) {
            return Findings {
                changed: Some(changed),
                ..Findings::default()
            };
        }
        let mut hashers = self.hashers();
        hashers.update(&body);
        let hashed_bytes = hashers.hashed_bytes();
        let digests = hashers.finish();
        let mut findings = Findings {
            hashed_bytes,
            ..Findings::default()
        };
        if let Some(mut sink) = self.sink(Some(&digests)) {
            let body = Arc::new(body);
            if let Some(rows) = &mut sink.rows {
                let digest = digests.get(Algorithm::Sha256);
                let reached = Reached::Whole {
                    body: Arc::clone(&body),
                    digest: digest.and_then(|digest| digest.try_into().ok()),
                };
                rows.frames.reach(reached, true);
            }
            let Recipe { limits, wanted, .. } = &*self.recipe;
            let mut walker = WHOLE_WALKER.take().unwrap_or_default();
            let (summary, result) = walker.walk(&body, limits, *wanted, &mut sink);
            WHOLE_WALKER.set(Some(walker));
            findings.add_walk(summary, result, sink, None);
        }
        findings.digests = digests;
        findings
    }

    /// Where the events of a walk go, if there is one. `digests`: those of the body, if they are known already.
    fn sink(&self, digests: Option<&Digests>) -> Option<Sink> {
        let rows = match &self.recipe.walk {
            Walk::None => return None,
            Walk::Summary => None,
            Walk::Rows {
                fields,
                has_archive_sha256,
                ..
            } => {
                let digest = digests.and_then(|digests| digests.get(Algorithm::Sha256));
                let outlet = self.outlet.clone();
                let frames = if *has_archive_sha256 && digest.is_none() {
                    Frames::held(outlet)
                } else {
                    Frames::new(outlet)
                };
                let digest = digest.map(<[u8]>::to_vec);
                Some(EntryRows::new(Arc::clone(fields), frames, digest))
            }
        };
        Some(Sink {
            rows,
            nested: NestedFailures::default(),
        })
    }
}

impl Findings {
    fn add_walk(
        &mut self,
        summary: Summary,
        result: Result<(), ArchiveError>,
        sink: Sink,
        digest: Option<&[u8]>,
    ) {
        self.summary = Some(summary);
        self.error = result.err();
        self.nested = sink.nested;
        if let Some(rows) = sink.rows {
            let Written {
                mut frames,
                overflow,
                hashed_bytes,
            } = rows.finish();
            frames.release(digest);
            if self.error.is_some() || overflow.is_some() || !self.nested.listed.is_empty() {
                frames.settle();
            }
            self.rows = Some(frames);
            self.overflow = overflow;
            self.hashed_bytes += hashed_bytes;
        }
    }
}

/// Reads a body in pieces.
pub(crate) struct Pipeline {
    hashers: Hashers,
    prefix: Prefix,
    walk: Option<Progress>,
}

/// A walk on its way.
struct Progress {
    walker: Walker,
    sink: Sink,
    result: Result<(), ArchiveError>,
}

impl Progress {
    /// Whether anything that is still to come matters.
    fn goes_on(&self) -> bool {
        self.result.is_ok() && !self.has_all_rows()
    }

    /// Whether no row is still to come, though there were some.
    fn has_all_rows(&self) -> bool {
        let rows = self.sink.rows.as_ref();
        rows.is_some_and(|rows| rows.is_full() || self.result.is_err())
    }
}

impl Pipeline {
    pub(crate) fn new(work: &Work) -> Self {
        let walk = work.sink(None).map(|sink| Progress {
            walker: Walker::new(work.recipe.limits, work.recipe.wanted),
            sink,
            result: Ok(()),
        });
        let hashers = work.hashers();
        Self {
            hashers: if work.reads_parts() {
                hashers.and_sha256()
            } else {
                hashers
            },
            prefix: Prefix::new(work.outlet.resume()),
            walk,
        }
    }

    /// Takes the next bytes of the body.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if !self.prefix.admits(bytes) {
            return;
        }
        let mut rest = bytes;
        while !rest.is_empty() && self.prefix.changed().is_none() {
            let (next, behind) = rest.split_at(self.prefix.next(rest.len()));
            rest = behind;
            self.take(next);
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.hashers.update(bytes);
        let sha256 = self.hashers.sha256();
        self.prefix.take(bytes, sha256);
        if self.prefix.changed().is_some() {
            return;
        }
        let Some(walk) = self.walk.as_mut().filter(|walk| walk.goes_on()) else {
            return;
        };
        if let Some(rows) = &mut walk.sink.rows
            && let Some(sha256) = sha256
        {
            let reached = Reached::Streamed {
                bytes: self.prefix.taken(),
                sha256: sha256.clone(),
            };
            rows.frames.reach(reached, self.prefix.is_verified());
        }
        walk.result = walk.walker.push(bytes, &mut walk.sink);
        let rows = walk.sink.rows.as_ref();
        if rows.is_some_and(|rows| rows.frames.is_surplus()) {
            self.prefix.surplus();
        }
    }

    /// Whether nothing that is still to come matters: no row follows, and no digest is wanted.
    pub(crate) fn is_over(&self) -> bool {
        let has_all_rows = self.walk.as_ref().is_some_and(Progress::has_all_rows);
        self.prefix.changed().is_some()
            || self.hashers.is_empty() && self.prefix.is_verified() && has_all_rows
    }

    /// Whether an archive in the archive makes it hold much.
    pub(crate) fn is_holding(&self) -> bool {
        let walk = self.walk.as_ref();
        walk.is_some_and(|walk| walk.walker.has_large_window())
    }

    /// The body has ended.
    pub(crate) fn finish(mut self) -> Findings {
        self.prefix.end();
        if let Some(walk) = &mut self.walk
            && self.prefix.is_verified()
            && walk.goes_on()
        {
            walk.result = walk.walker.finish(&mut walk.sink);
        }
        self.end(Hashers::finish)
    }

    /// The rest of the body never comes.
    pub(crate) fn part(self) -> Findings {
        self.end(|_| Digests::default())
    }

    fn end(self, digests: impl FnOnce(Hashers) -> Digests) -> Findings {
        let mut findings = Findings {
            hashed_bytes: self.hashers.hashed_bytes(),
            ..Findings::default()
        };
        if !self.prefix.is_verified() {
            // Rows that have been read may not be those that follow.
            findings.changed = self.prefix.changed().cloned();
            findings.summary = self.walk.map(|walk| walk.walker.summary());
            return findings;
        }
        let digests = digests(self.hashers);
        if let Some(walk) = self.walk {
            let digest = digests.get(Algorithm::Sha256);
            findings.add_walk(walk.walker.summary(), walk.result, walk.sink, digest);
        }
        findings.digests = digests;
        findings
    }
}
