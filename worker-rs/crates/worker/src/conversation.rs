//! One conversation with a connector, from `open` to `bye`.

use std::sync::Arc;
use std::time::Duration;

use rustpipe_analyze::{Analyzer, Output, Plan};
use rustpipe_protocol::{FromWorker, Open, VERSION, Window};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::describe::{NAME, WORKER_VERSION};
use crate::failure::Failure;
use crate::options::{self, Settings};
use crate::stdin::{self, Arrived, Frames};
use crate::stdout;
use crate::totals::Totals;

/// How often the counters are sent.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Inputs in the window for each one that is worked on: the other waits here, so that the next one starts at once
/// when one ends, and not after the connector has heard of it.
const WINDOW_PER_CONCURRENCY: u64 = 2;
/// Bytes of inputs in the window. Inputs are URLs: this holds a full window of 8 KiB ones.
const WINDOW_BYTES: u64 = 16 << 20;

/// Talks with the connector until all is done.
pub(crate) fn run() -> Result<(), Failure> {
    let mut frames = Frames::new(std::io::stdin());
    let Open {
        version,
        table,
        columns,
        options,
        window,
        ..
    } = frames.open()?;
    if version != VERSION {
        return Err(Failure::Version(version));
    }
    let Settings {
        fetch,
        archive,
        depth,
    } = options::read(&options)?;
    let plan = Plan::new(&table, &columns, depth)?;
    let concurrency = fetch.concurrency;
    let offered = Window {
        inputs: WINDOW_PER_CONCURRENCY * concurrency as u64,
        bytes: WINDOW_BYTES,
    };
    let agreed = Window {
        inputs: offered.inputs.min(window.inputs),
        bytes: offered.bytes.min(window.bytes),
    };
    let hello = FromWorker::Hello {
        version: VERSION,
        name: NAME.to_owned(),
        worker_version: WORKER_VERSION.to_owned(),
        columns: plan.columns().to_vec(),
        window: offered,
    };

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Start)?;
    let totals = Arc::new(Totals::default());
    let (output, writer) = stdout::start(runtime.handle())?;
    let analyzer = {
        // The client's resolver wants the runtime's context.
        let _context = runtime.enter();
        Analyzer::new(plan, fetch, archive, output.clone())?
    };
    runtime.block_on(async {
        output.send(hello.to_line()).await;
        let inputs = stdin::start(frames, agreed, Arc::clone(&totals))?;
        work(Arc::new(analyzer), inputs, &totals, &output, concurrency).await?;
        output.send(totals.metrics().to_line()).await;
        output.send(totals.bye().to_line()).await;
        Ok::<_, Failure>(())
    })?;
    drop(output);
    // The thread exits the process itself if it can't write.
    writer
        .join()
        .map_err(|_| Failure::Panicked("that writes standard output"))
}

/// Works on all inputs, `concurrency` of them at once.
async fn work(
    analyzer: Arc<Analyzer>,
    mut inputs: UnboundedReceiver<Arrived>,
    totals: &Arc<Totals>,
    output: &Output,
    concurrency: usize,
) -> Result<(), Failure> {
    let places = Arc::new(Semaphore::new(concurrency));
    let mut tasks = JoinSet::new();
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut more = true;
    while more || !tasks.is_empty() {
        tokio::select! {
            arrived = inputs.recv(), if more => match arrived {
                Some(Arrived { input, bytes }) => {
                    let (analyzer, places) = (Arc::clone(&analyzer), Arc::clone(&places));
                    let (totals, output) = (Arc::clone(totals), output.clone());
                    tasks.spawn(async move {
                        let _place = places.acquire().await;
                        let finished = analyzer.run(input).await;
                        totals.end(bytes, &finished);
                        output.send(finished.lines).await;
                    });
                }
                None => more = false,
            },
            // Its input would never end.
            Some(ended) = tasks.join_next() => ended.map_err(|_| Failure::Panicked("of an input"))?,
            _ = heartbeat.tick() => {
                // A full output is itself a sign of life.
                output.try_send(totals.metrics().to_line());
            }
        }
    }
    Ok(())
}
