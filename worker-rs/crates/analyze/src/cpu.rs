//! The pool for work that needs a processor, away from the thread that does the network.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// Spark runs a worker for each task, and tasks for all cores of a machine: a thread for each core in each worker would
/// be cores squared. This many are enough for a task that has the machine to itself.
const DEFAULT_MOST_THREADS: usize = 4;

/// One thread for each processor, up to the limit.
pub(crate) struct Cpu {
    pool: rayon::ThreadPool,
}

/// A job that panicked: a defect, contained to the input it worked on.
#[derive(Debug)]
pub(crate) struct Panicked {
    /// The panic's message.
    pub(crate) message: String,
}

impl Cpu {
    pub(crate) fn new() -> Result<Self, rayon::ThreadPoolBuildError> {
        let processors = available_parallelism().map_or(1, usize::from);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(processors.min(DEFAULT_MOST_THREADS))
            .thread_name(|at| format!("cpu-{at}"))
            .build()?;
        Ok(Self { pool })
    }

    /// Runs a job and waits for its end, which comes with the time that it took. The job is moved, so that no thread of
    /// the pool waits for the network.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<(T, Duration), Panicked> {
        let (sender, receiver) = oneshot::channel();
        self.pool.spawn(move || {
            let started = Instant::now();
            // Whatever the job was changing is dropped with it, so nobody sees it half done.
            let result = catch_unwind(AssertUnwindSafe(job));
            // Nobody waits any more only while the process ends.
            drop(sender.send(result.map(|value| (value, started.elapsed()))));
        });
        match receiver.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(payload)) => Err(Panicked::new(payload.as_ref())),
            Err(_) => Err(Panicked {
                message: "the pool dropped the job".to_owned(),
            }),
        }
    }
}

impl Panicked {
    pub(crate) fn new(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self {
            message: text.unwrap_or("no message").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_costs_one_job() {
        let cpu = Cpu::new().unwrap();
        let panicked = cpu
            .run(|| -> u32 { panic!("number {}", 7) })
            .await
            .unwrap_err();
        assert_eq!(panicked.message, "number 7");
        assert_eq!(cpu.run(|| 5).await.unwrap().0, 5);
    }
}
