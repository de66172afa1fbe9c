//! One conversation with a connector, from `open` to `bye`.

use std::process::ExitCode;
use std::sync::Arc;

use rustpipe_protocol::{FromWorker, VERSION, Window};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use crate::engine::fatal::Fatal;
use crate::engine::heartbeat::Heartbeat;
use crate::engine::limits::{DEFAULT_INPUTS_PER_PLACE, DEFAULT_WINDOW_BYTES};
use crate::engine::output::Output;
use crate::engine::service::{Opened, Service, Session};
use crate::engine::stdin::{self, Arrived, Frames};
use crate::engine::stdout;
use crate::engine::totals::Totals;

/// Talks with the connector over standard input and output until all is done. Gives the status to exit with.
///
/// Where there is nobody to talk with any more, the process ends at once, from whatever thread finds out.
pub fn run(service: &impl Service) -> ExitCode {
    let description = service.description();
    let (name, version) = (&description.name, &description.version);
    converse(service, name, version).map_or_else(|fatal| fatal.exit(name), |()| ExitCode::SUCCESS)
}

fn converse(service: &impl Service, name: &str, version: &str) -> Result<(), Fatal> {
    let mut frames = Frames::new(std::io::stdin());
    let open = frames.open()?;
    if open.version != VERSION {
        return Err(Fatal::Version(open.version));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Fatal::Start)?;
    let totals = Arc::new(Totals::default());
    let (output, writer) = stdout::start(runtime.handle(), name.to_owned())?;
    let Opened {
        columns,
        concurrency,
        session,
    } = {
        let _context = runtime.enter();
        service.open(&open, &output)?
    };
    let offered = Window {
        inputs: DEFAULT_INPUTS_PER_PLACE * concurrency as u64,
        bytes: DEFAULT_WINDOW_BYTES,
    };
    let agreed = Window {
        inputs: offered.inputs.min(open.window.inputs),
        bytes: offered.bytes.min(open.window.bytes),
    };
    let hello = FromWorker::Hello {
        version: VERSION,
        name: name.to_owned(),
        worker_version: version.to_owned(),
        columns,
        window: offered,
    };
    let ended = runtime.block_on(async {
        output.send(hello.to_line()).await;
        let heartbeat =
            Heartbeat::start(Arc::clone(&totals), output.clone()).map_err(Fatal::Start)?;
        let inputs = stdin::start(frames, agreed, Arc::clone(&totals), name.to_owned())?;
        work(Arc::new(session), inputs, &totals, &output, concurrency).await?;
        heartbeat.stop();
        output.send(totals.metrics().to_line()).await;
        output.end(totals.bye().to_line()).await;
        Ok::<_, Fatal>(())
    });
    // What a session has left running must not hold the end up, be it a good or a bad one.
    runtime.shutdown_background();
    ended?;
    // The thread exits the process itself if it can't write.
    writer
        .join()
        .map_err(|_| Fatal::Panicked("that writes standard output"))
}

/// Works on all inputs, `concurrency` of them at once.
async fn work(
    session: Arc<impl Session>,
    mut inputs: UnboundedReceiver<Arrived>,
    totals: &Arc<Totals>,
    output: &Output,
    concurrency: usize,
) -> Result<(), Fatal> {
    let places = Arc::new(Semaphore::new(concurrency));
    let mut tasks = JoinSet::new();
    let mut more = true;
    while more || !tasks.is_empty() {
        tokio::select! {
            arrived = inputs.recv(), if more => match arrived {
                Some(Arrived { input, bytes }) => {
                    let (session, places) = (Arc::clone(&session), Arc::clone(&places));
                    let (totals, output) = (Arc::clone(totals), output.clone());
                    tasks.spawn(async move {
                        let _place = places.acquire().await;
                        let finished = session.run(input).await;
                        totals.end(bytes, &finished);
                        output.send(finished.lines).await;
                    });
                }
                None => more = false,
            },
            // Its input would never end.
            Some(ended) = tasks.join_next() => ended.map_err(|_| Fatal::Panicked("of an input"))?,
        }
    }
    Ok(())
}
