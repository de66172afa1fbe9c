//! A body on its way from the network to the pool.
//!
//! A small body is collected and read in one job, so a broken download can start again freely. A large one is read in
//! pieces as it comes: the pipeline moves into a job with some bytes and comes back with the result.

use bytes::Bytes;
use rustpipe_fetch::{Consumer, Head, Stop};

use crate::cpu::{Cpu, Panicked};
use crate::frames::Outlet;
use crate::limits::DEFAULT_JOB_BYTES;
use crate::pipeline::{Findings, Pipeline, Recipe};

/// Takes one input's body.
pub(crate) struct Body<'a> {
    cpu: &'a Cpu,
    recipe: &'a Recipe,
    outlet: Outlet,
    /// Bytes up to which a body is collected.
    collected: usize,
    state: State,
}

enum State {
    /// No body has begun, or none is needed.
    Nothing,
    /// All bytes so far.
    Collecting(Vec<u8>),
    /// The pipeline, and bytes that it has not seen.
    Streaming(Box<Pipeline>, Vec<u8>),
    /// A job panicked.
    Failed(Panicked),
}

impl<'a> Body<'a> {
    pub(crate) fn new(cpu: &'a Cpu, recipe: &'a Recipe, outlet: Outlet, collected: usize) -> Self {
        Self {
            cpu,
            recipe,
            outlet,
            collected,
            state: State::Nothing,
        }
    }

    /// What is known of the body, or of the part of it that came. `arrived`: the download has ended well.
    pub(crate) async fn finish(self, arrived: bool) -> Result<Findings, Panicked> {
        let Self {
            cpu,
            recipe,
            outlet,
            state,
            ..
        } = self;
        if !arrived && !recipe.reads_parts() {
            return Ok(Findings::default());
        }
        match state {
            State::Nothing => Ok(Findings::default()),
            State::Failed(panicked) => Err(panicked),
            State::Collecting(body) if arrived => {
                let recipe = recipe.clone();
                cpu.run(move || recipe.whole(&body, outlet)).await
            }
            State::Collecting(body) => {
                let mut pipeline = Pipeline::new(recipe, outlet);
                cpu.run(move || {
                    pipeline.push(&body);
                    pipeline.part()
                })
                .await
            }
            State::Streaming(mut pipeline, rest) => {
                cpu.run(move || {
                    pipeline.push(&rest);
                    if arrived {
                        pipeline.finish()
                    } else {
                        pipeline.part()
                    }
                })
                .await
            }
        }
    }
}

impl Consumer for Body<'_> {
    async fn begin(&mut self, head: &Head) {
        self.state = if self.recipe.needs_bytes() {
            let declared = head
                .content_length
                .and_then(|length| usize::try_from(length).ok());
            State::Collecting(Vec::with_capacity(
                declared.unwrap_or(0).min(self.collected),
            ))
        } else {
            State::Nothing
        };
    }

    async fn chunk(&mut self, bytes: Bytes) -> Result<(), Stop> {
        let (mut pipeline, mut pending) = match std::mem::replace(&mut self.state, State::Nothing) {
            State::Nothing => return Ok(()),
            State::Failed(panicked) => {
                self.state = State::Failed(panicked);
                return Err(Stop);
            }
            State::Collecting(mut body) => {
                body.extend_from_slice(&bytes);
                if body.len() <= self.collected {
                    self.state = State::Collecting(body);
                    return Ok(());
                }
                (
                    Box::new(Pipeline::new(self.recipe, self.outlet.clone())),
                    body,
                )
            }
            State::Streaming(pipeline, mut pending) => {
                pending.extend_from_slice(&bytes);
                if pending.len() < DEFAULT_JOB_BYTES {
                    self.state = State::Streaming(pipeline, pending);
                    return Ok(());
                }
                (pipeline, pending)
            }
        };
        let job = move || {
            pipeline.push(&pending);
            pending.clear();
            // What was collected at first is larger than any piece after it.
            pending.shrink_to(2 * DEFAULT_JOB_BYTES);
            (pipeline, pending)
        };
        match self.cpu.run(job).await {
            Ok((pipeline, pending)) => {
                let over = pipeline.is_over();
                self.state = State::Streaming(pipeline, pending);
                if over { Err(Stop) } else { Ok(()) }
            }
            Err(panicked) => {
                self.state = State::Failed(panicked);
                Err(Stop)
            }
        }
    }

    fn can_restart(&self) -> bool {
        self.outlet.rows_left() == 0
    }

    fn restart(&mut self) {
        self.state = State::Nothing;
    }
}
