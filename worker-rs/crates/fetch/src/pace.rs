//! How long a body may keep us waiting: the idle limit, the total and the floor, over network time alone.
//!
//! Knows no clock. It is told how long each wait was, so the consumer's own time never counts.

use std::time::Duration;

use url::Url;

use crate::Config;
use crate::error::{FetchError, Phase};

/// Network time spent on one URL, over all its attempts.
#[derive(Debug)]
pub(crate) struct Budget {
    total: Duration,
    spent: Duration,
}

impl Budget {
    pub(crate) fn new(total: Duration) -> Self {
        Self {
            total,
            spent: Duration::ZERO,
        }
    }

    pub(crate) fn spend(&mut self, time: Duration) {
        self.spent += time;
    }

    pub(crate) fn left(&self) -> Duration {
        self.total.saturating_sub(self.spent)
    }

    pub(crate) fn exceeded(&self, url: &Url) -> FetchError {
        FetchError::Timeout {
            url: url.to_string(),
            phase: Phase::Total,
            limit: self.total,
        }
    }
}

/// The pace of one body. The floor is measured in windows laid end to end.
#[derive(Debug)]
pub(crate) struct Pace {
    idle: Duration,
    window: Duration,
    floor: u64,
    /// Bytes that one window needs.
    needed: u64,
    window_spent: Duration,
    window_bytes: u64,
}

impl Pace {
    pub(crate) fn new(config: &Config) -> Self {
        let needed =
            u128::from(config.floor_bytes_per_second) * config.floor_window.as_millis() / 1000;
        Self {
            idle: config.idle_timeout,
            window: config.floor_window,
            floor: config.floor_bytes_per_second,
            needed: u64::try_from(needed).unwrap_or(u64::MAX),
            window_spent: Duration::ZERO,
            window_bytes: 0,
        }
    }

    /// The longest wait for the next bytes.
    pub(crate) fn patience(&self, budget: &Budget) -> Duration {
        let patience = self.idle.min(budget.left());
        if self.window_bytes >= self.needed {
            return patience;
        }
        patience.min(self.window.saturating_sub(self.window_spent))
    }

    /// Bytes came in after a wait.
    pub(crate) fn arrived(
        &mut self,
        waited: Duration,
        bytes: u64,
        url: &Url,
    ) -> Result<(), FetchError> {
        self.window_spent += waited;
        self.window_bytes = self.window_bytes.saturating_add(bytes);
        if self.window_spent < self.window {
            return Ok(());
        }
        if self.window_bytes < self.needed {
            return Err(self.too_slow(url));
        }
        self.window_spent = Duration::ZERO;
        self.window_bytes = 0;
        Ok(())
    }

    /// Why nothing came within `waited`, which was the patience, and is spent from the budget by now.
    pub(crate) fn ran_out(&self, waited: Duration, budget: &Budget, url: &Url) -> FetchError {
        if budget.left().is_zero() {
            budget.exceeded(url)
        } else if waited >= self.idle {
            FetchError::Timeout {
                url: url.to_string(),
                phase: Phase::Idle,
                limit: self.idle,
            }
        } else {
            self.too_slow(url)
        }
    }

    fn too_slow(&self, url: &Url) -> FetchError {
        FetchError::TooSlow {
            url: url.to_string(),
            bytes: self.window_bytes,
            window: self.window,
            floor: self.floor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn url() -> Url {
        Url::parse("http://example.org/a").expect("a URL")
    }

    fn pace() -> (Pace, Budget) {
        let config = Config::default();
        (Pace::new(&config), Budget::new(config.total_timeout))
    }

    /// Gives `bytes` every `seconds` until something is wrong; the error's code and when it came.
    fn drip(bytes: u64, seconds: u32) -> (&'static str, u32) {
        let (mut pace, mut budget) = pace();
        for at in 1.. {
            let wait = SECOND * seconds;
            let patience = pace.patience(&budget);
            if wait > patience {
                budget.spend(patience);
                return (pace.ran_out(patience, &budget, &url()).code(), at * seconds);
            }
            budget.spend(wait);
            if let Err(error) = pace.arrived(wait, bytes, &url()) {
                return (error.code(), at * seconds);
            }
        }
        unreachable!("a drip has no end");
    }

    #[test]
    fn silence_is_a_timeout() {
        assert_eq!(drip(0, 31), ("TIMEOUT", 31));
        assert_eq!(drip(1 << 20, 31), ("TIMEOUT", 31));
    }

    #[test]
    fn a_byte_every_29_seconds_is_too_slow() {
        assert_eq!(drip(1, 29), ("TOO_SLOW", 58));
    }

    #[test]
    fn just_below_the_floor_is_too_slow_and_just_above_goes_on_to_the_total() {
        assert_eq!(drip(1023, 1), ("TOO_SLOW", 30));
        assert_eq!(drip(1025, 1), ("TIMEOUT", 301));
    }

    #[test]
    fn a_floor_of_zero_is_none() {
        let config = Config {
            floor_bytes_per_second: 0,
            ..Config::default()
        };
        let mut pace = Pace::new(&config);
        for _ in 0..100 {
            pace.arrived(SECOND, 0, &url()).expect("no floor");
        }
        assert_eq!(
            pace.patience(&Budget::new(SECOND * 1000)),
            config.idle_timeout
        );
    }
}
