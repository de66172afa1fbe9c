//! When to try again, and after which wait.

use std::time::{Duration, SystemTime};

use crate::{Config, FetchError};

/// The wait before the next attempt, or `None` where another one is of no use or not welcome.
pub(crate) fn delay(error: &FetchError, attempts: u32, config: &Config) -> Option<Duration> {
    if attempts > config.retries || !error.retryable() {
        return None;
    }
    match error.retry_after() {
        // Coming back earlier than asked would be rude, and later than the cap would hold a place for nothing.
        Some(wait) if wait > config.retry_after_cap => None,
        Some(wait) => Some(wait + between(Duration::ZERO, config.retry_base)),
        None => Some(between(
            config.retry_base.min(config.retry_cap),
            ceiling(attempts, config),
        )),
    }
}

/// Full jitter: any wait up to a ceiling that doubles with each attempt, so that many clients never come back together.
fn ceiling(attempts: u32, config: &Config) -> Duration {
    let factor = 1_u32.checked_shl(attempts).unwrap_or(u32::MAX);
    config
        .retry_base
        .saturating_mul(factor)
        .min(config.retry_cap)
}

fn between(low: Duration, high: Duration) -> Duration {
    low + high.saturating_sub(low).mul_f64(fastrand::f64())
}

/// `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). A date in the past is no wait.
pub(crate) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> FetchError {
        let retry_after = retry_after.map(Duration::from_secs);
        FetchError::HttpStatus {
            url: String::new(),
            status,
            retry_after,
        }
    }

    #[test]
    fn only_statuses_that_pass_are_retried() {
        let config = Config::default();
        let retried: Vec<u16> = (100..600)
            .filter(|&code| delay(&status(code, None), 1, &config).is_some())
            .collect();
        let expected: Vec<u16> = [408, 425].into_iter().chain(500..600).collect();
        assert_eq!(retried, expected);
    }

    #[test]
    fn the_wait_grows_to_its_cap_and_no_further() {
        let config = Config {
            retries: 100,
            ..Config::default()
        };
        for (attempts, seconds) in [
            (1, 1.0),
            (2, 2.0),
            (3, 4.0),
            (6, 30.0),
            (31, 30.0),
            (99, 30.0),
        ] {
            for _ in 0..100 {
                let wait = delay(&status(500, None), attempts, &config)
                    .expect("a retry")
                    .as_secs_f64();
                assert!((0.5..=seconds).contains(&wait), "{attempts}: {wait}");
            }
        }
    }

    #[test]
    fn a_cap_below_the_base_is_the_wait() {
        let config = Config {
            retry_cap: Duration::from_millis(100),
            ..Config::default()
        };
        let wait = delay(&status(500, None), 1, &config);
        assert_eq!(wait, Some(config.retry_cap));
    }

    #[test]
    fn there_is_an_end_to_retries() {
        let config = Config::default();
        assert!(delay(&status(500, None), 3, &config).is_some());
        assert!(delay(&status(500, None), 4, &config).is_none());
    }

    #[test]
    fn a_server_is_waited_for_as_long_as_it_asks_up_to_the_cap() {
        let config = Config::default();
        let wait = delay(&status(503, Some(120)), 1, &config)
            .expect("a retry")
            .as_secs_f64();
        assert!((120.0..=120.5).contains(&wait), "{wait}");
        assert!(delay(&status(503, Some(121)), 1, &config).is_none());
        assert!(delay(&status(503, Some(u64::MAX)), 1, &config).is_none());
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        for (value, seconds) in [
            ("0", Some(0)),
            (" 7 ", Some(7)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(
                parse_retry_after(value, now),
                seconds.map(Duration::from_secs),
                "{value:?}"
            );
        }
    }
}
