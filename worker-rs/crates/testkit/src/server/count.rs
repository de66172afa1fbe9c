//! A number that a test counts up, and that an answer waits for.

use std::sync::Arc;

use tokio::sync::watch;

/// A count. Clones share it.
#[derive(Clone, Debug)]
pub struct Count {
    number: Arc<watch::Sender<u64>>,
}

impl Default for Count {
    fn default() -> Self {
        Self {
            number: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Count {
    /// Counts up.
    pub fn add(&self, more: u64) {
        self.number.send_modify(|number| *number += more);
    }

    /// Waits until it is at least this many.
    pub(super) async fn reaches(&self, number: u64) {
        let mut seen = self.number.subscribe();
        // The sender is this value's own.
        let _ = seen.wait_for(|seen| *seen >= number).await;
    }
}
